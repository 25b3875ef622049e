package io.selvage.server.tls;

import io.selvage.server.tls.TlsException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Finds the ClientHello in the first bytes of a connection, which may come in any number of pieces and be spread over several
/// records (RFC 8446 §5.1). The bytes stay where they are, for the engine. Used by one thread.
final class ClientHelloParser {
    /// The most bytes that a ClientHello and the headers of its records may have.
    static final int LONGEST = 64 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MAJOR_VERSION = 3;
    private static final int SSL2 = 0x80;

    private int at;                                        // where the next record begins that was not looked at
    private ByteBuffer joined = ByteBuffer.allocate(0);    // what the records before contain of the message, up to its position

    /// @param received all bytes since the start, from index 0 to the limit; not changed
    /// @return empty if more bytes are needed
    /// @throws TlsException of kind PLAIN_TEXT or GARBAGE
    Optional<ClientHello> advance(ByteBuffer received) throws TlsException {
        checkStart(received);
        while (received.limit() - at >= RECORD_HEADER) {
            int length = recordLength(received);
            if (received.limit() - at - RECORD_HEADER < length) {
                break;
            }
            ByteBuffer fragment = received.slice(at + RECORD_HEADER, length);
            at += RECORD_HEADER + length;
            Optional<ClientHello> hello = join(fragment);
            if (hello.isPresent()) {
                return hello;
            }
        }
        if (received.limit() >= LONGEST) {
            throw garbage("a ClientHello of more than " + LONGEST + " bytes");
        }
        return Optional.empty();
    }

    private static void checkStart(ByteBuffer received) throws TlsException {
        if (received.limit() == 0) {
            return;
        }
        int first = received.get(0) & 0xff;
        if (first != HANDSHAKE) {
            throw (first & SSL2) == 0 ? new TlsException(Kind.PLAIN_TEXT, "the client does not speak TLS")
                    : garbage("a first record of type " + first);
        }
    }

    private int recordLength(ByteBuffer received) throws TlsException {
        if (received.get(at) != HANDSHAKE || received.get(at + 1) != MAJOR_VERSION) {
            throw garbage("a record that does not continue the ClientHello");
        }
        int length = received.getShort(at + 3) & 0xffff;
        if (length == 0 || length > TlsPolicy.LARGEST_RECORD) {
            throw garbage("a record of " + length + " bytes");
        }
        return length;
    }

    /// Adds what one record contains.
    private Optional<ClientHello> join(ByteBuffer fragment) throws TlsException {
        ByteBuffer message = fragment;
        if (joined.position() > 0) {
            append(fragment);
            message = joined.duplicate().flip();
        }
        if (message.remaining() < MESSAGE_HEADER) {
            keep(message);
            return Optional.empty();
        }
        int header = message.getInt(0);
        int length = header & 0xffffff;
        if (header >>> 24 != CLIENT_HELLO) {
            throw garbage("a first message of type " + (header >>> 24));
        }
        if (length > LONGEST) {
            throw garbage("a ClientHello of " + length + " bytes");
        }
        if (message.remaining() - MESSAGE_HEADER < length) {
            keep(message);
            return Optional.empty();
        }
        return Optional.of(HelloFields.parse(message.slice(MESSAGE_HEADER, length)));
    }

    private void keep(ByteBuffer message) {
        if (joined.position() == 0) {
            append(message);
        }
    }

    private void append(ByteBuffer fragment) {
        if (joined.remaining() < fragment.remaining()) {
            int size = Math.max(2 * joined.capacity(), joined.position() + fragment.remaining());
            joined = ByteBuffer.allocate(size).put(joined.flip());
        }
        joined.put(fragment);
    }

    private static TlsException garbage(String what) {
        return new TlsException(Kind.GARBAGE, what);
    }
}

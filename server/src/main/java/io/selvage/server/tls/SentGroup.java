package io.selvage.server.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Finds the group of the key exchange in what a server sends before it encrypts: in the key share of its ServerHello or
/// HelloRetryRequest (RFC 8446 §4.2.8), or in its ServerKeyExchange (RFC 8422 §5.4). For engines that do not tell. A session of
/// TLS 1.2 that is resumed has no key exchange. Used by one thread at a time.
final class SentGroup {
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MOST = 64 * 1024;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int CIPHER_AND_COMPRESSION = 3;
    private static final int KEY_SHARE = 51;
    private static final int NAMED_CURVE = 3;
    private static final int NONE = -1;

    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
    private int at;                                        // where the next message begins that was not looked at
    private int group = NONE;
    private boolean ended;

    /// Takes what an engine has written.
    ///
    /// @param records whole ones
    void sent(ByteBuffer records) {
        while (!ended && records.remaining() >= RECORD_HEADER) {
            int type = records.get();
            int length = records.position(records.position() + 2).getShort() & 0xffff;
            byte[] fragment = new byte[Math.min(length, records.remaining())];
            records.get(fragment);
            ended = type != HANDSHAKE && type != ALERT || messages.size() + fragment.length > MOST;
            if (type == HANDSHAKE && !ended) {
                messages.writeBytes(fragment);
                readMessages();
            }
        }
    }

    private void readMessages() {
        ByteBuffer all = ByteBuffer.wrap(messages.toByteArray()).position(at);
        while (!ended && all.remaining() >= MESSAGE_HEADER) {
            int header = all.getInt(at);
            int length = header & 0xffffff;
            if (all.remaining() - MESSAGE_HEADER < length) {
                return;
            }
            read(header >>> 24, all.slice(at + MESSAGE_HEADER, length));
            at += MESSAGE_HEADER + length;
            all.position(at);
        }
    }

    private void read(int type, ByteBuffer body) {
        if (type == SERVER_HELLO) {
            readHello(body);
        } else if (type == SERVER_KEY_EXCHANGE && body.get() == NAMED_CURVE) {
            found(body.getShort() & 0xffff);
        }
    }

    private void readHello(ByteBuffer body) {
        int session = body.position(VERSION_AND_RANDOM).get() & 0xff;
        body.position(body.position() + session + CIPHER_AND_COMPRESSION);
        if (body.remaining() > 2) {
            body.getShort();                               // the length of what is left
        }
        while (body.hasRemaining()) {
            int type = body.getShort();
            int length = body.getShort() & 0xffff;
            if (type == KEY_SHARE) {
                found(body.getShort(body.position()) & 0xffff);
            }
            body.position(body.position() + length);
        }
    }

    private void found(int id) {
        group = id;
        ended = true;
    }

    /// The OpenSSL name of the group; empty while it is not known, and where there is none.
    Optional<String> name() {
        return group == NONE ? Optional.empty() : Optional.of(NamedGroup.nameOf(group));
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;

/// The start of a request in the FastCGI protocol: the record that begins it, and its variables in records of their own
/// (FastCGI 1.0 §3.3, §3.4, §5.1, §5.2).
///
/// Each of the two lengths of a variable has one byte if it is below 128, and four bytes with the first bit set otherwise.
final class FastCgiPacket extends CgiPacket {
    /// The record that begins the request, and the head of the first record with variables.
    private static final int HEAD = 3 * FastCgiRecords.HEAD;
    private static final int SHORT = 128;
    private static final int MOST = 1 << 20;
    private static final int RESPONDER = 1;
    private static final int KEEP_CONNECTION = 1;

    FastCgiPacket() {
        super(HEAD);
    }

    @Override
    void beforeName(int nameLength, int valueLength) {
        length(nameLength);
        length(valueLength);
    }

    @Override
    void beforeValue(int valueLength) {
        // Both lengths stand before the name.
    }

    private void length(int length) {
        if (length >= SHORT) {
            append(length >> 24 | 0x80);
            append(length >> 16);
            append(length >> 8);
        }
        append(length);
    }

    /// The records as they are sent. Nothing can be added any more.
    ///
    /// @param keep asks the application not to close the connection after its response
    /// @param bodiless true if no body follows, so that the record which ends it is here, too
    /// @throws Failure where the variables take more than 1 MiB
    ByteBuffer encoded(boolean keep, boolean bodiless) throws Failure {
        int length = length();
        if (length > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the FastCGI variables take " + length + " bytes, at most " + MOST
                    + " are sent");
        }
        byte[] bytes = length > FastCgiRecords.MOST ? split(length) : single(length);
        int end = length > FastCgiRecords.MOST ? bytes.length : end();
        FastCgiRecords.head(bytes, 0, FastCgiRecords.BEGIN_REQUEST, FastCgiRecords.HEAD);
        bytes[FastCgiRecords.HEAD + 1] = RESPONDER;
        bytes[FastCgiRecords.HEAD + 2] = (byte) (keep ? KEEP_CONNECTION : 0);
        return ByteBuffer.wrap(bytes, 0, bodiless ? end : end - FastCgiRecords.HEAD);
    }

    /// All variables in one record, where they were written.
    private byte[] single(int length) {
        append(FastCgiRecords.end(FastCgiRecords.PARAMS));
        append(FastCgiRecords.end(FastCgiRecords.STDIN));
        FastCgiRecords.head(bytes(), HEAD - FastCgiRecords.HEAD, FastCgiRecords.PARAMS, length);
        return bytes();
    }

    private byte[] split(int length) {
        int records = (length + FastCgiRecords.MOST - 1) / FastCgiRecords.MOST;
        byte[] bytes = new byte[length + (records + 4) * FastCgiRecords.HEAD];
        int to = 2 * FastCgiRecords.HEAD;
        for (int from = HEAD; from < end(); from += FastCgiRecords.MOST) {
            int count = Math.min(FastCgiRecords.MOST, end() - from);
            FastCgiRecords.head(bytes, to, FastCgiRecords.PARAMS, count);
            System.arraycopy(bytes(), from, bytes, to + FastCgiRecords.HEAD, count);
            to += FastCgiRecords.HEAD + count;
        }
        FastCgiRecords.head(bytes, to, FastCgiRecords.PARAMS, 0);
        FastCgiRecords.head(bytes, to + FastCgiRecords.HEAD, FastCgiRecords.STDIN, 0);
        return bytes;
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request in the SCGI protocol: the variables as a netstring. The body follows it as it is.
///
/// ```
/// length of the variables in decimal  ":"  then for each: name, NUL, value, NUL  then ","
/// ```
///
/// `CONTENT_LENGTH` is the first of them.
final class ScgiPacket extends CgiPacket {
    /// Room for the digits of a length and the colon.
    private static final int HEAD = 8;
    /// Seven digits.
    private static final int MOST = 9_999_999;

    ScgiPacket() {
        super(HEAD);
    }

    @Override
    void beforeName(int nameLength, int valueLength) {
        // Names and values are marked at their ends.
    }

    @Override
    void beforeValue(int valueLength) {
        append(0);
    }

    @Override
    void afterValue() {
        append(0);
    }

    /// The packet as it is sent. Nothing can be added any more.
    ///
    /// @throws Failure where they are too long, or a name or a value contains NUL, which would end it
    ByteBuffer encoded() throws Failure {
        int length = length();
        if (length > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the SCGI variables take " + length + " bytes, at most " + MOST
                    + " are sent");
        }
        if (ends() != 2 * count()) {
            throw Failure.here(Failure.What.MALFORMED, "a variable for SCGI contains NUL");
        }
        append(',');
        byte[] prefix = (length + ":").getBytes(StandardCharsets.ISO_8859_1);
        int from = HEAD - prefix.length;
        System.arraycopy(prefix, 0, bytes(), from, prefix.length);
        return ByteBuffer.wrap(bytes(), from, end() - from).slice();
    }

    private int ends() {
        int ends = 0;
        byte[] bytes = bytes();
        for (int i = HEAD; i < end(); i++) {
            ends += bytes[i] == 0 ? 1 : 0;
        }
        return ends;
    }
}

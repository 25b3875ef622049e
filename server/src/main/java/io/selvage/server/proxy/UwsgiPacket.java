package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;

/// A request in the uwsgi protocol: four bytes, then variables. The body follows it as it is.
///
/// ```
/// modifier1 (1)  size of the variables (2, little endian)  modifier2 (1)
/// then for each: length (2, little endian), name, length (2, little endian), value
/// ```
final class UwsgiPacket extends CgiPacket {
    private static final int HEAD = 4;
    private static final int MOST = 0xffff;

    UwsgiPacket() {
        super(HEAD);
    }

    @Override
    void beforeName(int nameLength, int valueLength) {
        length(nameLength);
    }

    @Override
    void beforeValue(int valueLength) {
        length(valueLength);
    }

    /// A string that is too long for these two bytes makes the packet too long as well, which [#encoded] checks.
    private void length(int length) {
        append(length);
        append(length >> 8);
    }

    /// The packet as it is sent. Nothing can be added any more.
    ///
    /// @throws Failure where the variables take more than the 65,535 bytes of the size field
    ByteBuffer encoded(int modifier1, int modifier2) throws Failure {
        int variables = length();
        if (variables > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the uwsgi variables take " + variables + " bytes, the protocol allows "
                    + MOST + "; is a header field or the URI too long?");
        }
        byte[] bytes = bytes();
        bytes[0] = (byte) modifier1;
        bytes[1] = (byte) variables;
        bytes[2] = (byte) (variables >> 8);
        bytes[3] = (byte) modifier2;
        return ByteBuffer.wrap(bytes, 0, end());
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A request in the uwsgi protocol: four bytes, then variables. The body follows it as it is.
///
/// ```
/// modifier1 (1)  size of the variables (2, little endian)  modifier2 (1)
/// then for each: length (2, little endian), name, length (2, little endian), value
/// ```
final class UwsgiPacket {
    private static final int HEAD = 4;
    private static final int MOST = 0xffff;

    private final List<byte[]> strings = new ArrayList<>(64);
    private int size;

    /// Both as byte strings: each `char` is one byte.
    void add(String name, String value) {
        add(name);
        add(value);
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        strings.add(bytes);
        size += 2 + bytes.length;
    }

    /// The packet, ready to be sent.
    ///
    /// @throws Failure when the variables take more than the 65,535 bytes that its size field can say
    ByteBuffer encoded(int modifier1, int modifier2) throws Failure {
        if (size > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the uwsgi variables take " + size + " bytes, the protocol bears " + MOST
                    + "; is a header field or the URI too long?");
        }
        ByteBuffer packet = ByteBuffer.allocate(HEAD + size).order(ByteOrder.LITTLE_ENDIAN);
        packet.put((byte) modifier1).putShort((short) size).put((byte) modifier2);
        for (byte[] string : strings) {
            packet.putShort((short) string.length).put(string);
        }
        return packet.flip();
    }
}

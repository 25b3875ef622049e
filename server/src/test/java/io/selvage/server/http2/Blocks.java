package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Header blocks and frames of tests.
final class Blocks {
    private static final int ROOM = 1 << 20;

    private Blocks() {
    }

    /// Bytes in hexadecimal digits, with spaces anywhere.
    static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replaceAll("\\s", "")));
    }

    static String hex(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            text.append(HexFormat.of().toHexDigits(bytes.get(i)));
        }
        return text.toString();
    }

    /// The fields of a block as `name: value`.
    static List<String> decode(HpackDecoder decoder, ByteBuffer block) throws Http2Error {
        List<String> fields = new ArrayList<>();
        decoder.decode(block, (name, value, _) -> fields.add(name + ": " + value));
        return fields;
    }

    /// A block of names and values in turn.
    static ByteBuffer encode(HpackEncoder encoder, String... fields) {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        encoder.begin(out);
        for (int i = 0; i < fields.length; i += 2) {
            encoder.field(fields[i], fields[i + 1], out);
        }
        return out.flip();
    }

    /// The block without compression and without a table: what a peer may send that this encoder would not.
    static ByteBuffer plain(String... fields) {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        for (int i = 0; i < fields.length; i++) {
            if (i % 2 == 0) {
                out.put((byte) 0);
            }
            length(out, fields[i].length());
            for (char c : fields[i].toCharArray()) {
                out.put((byte) c);
            }
        }
        return out.flip();
    }

    private static void length(ByteBuffer out, int length) {
        int rest = length;
        if (rest >= 127) {
            out.put((byte) 127);
            for (rest -= 127; rest >= 128; rest >>= 7) {
                out.put((byte) (rest | 128));
            }
        }
        out.put((byte) rest);
    }
}

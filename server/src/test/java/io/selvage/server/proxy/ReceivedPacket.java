package io.selvage.server.proxy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A uwsgi request as the application gets it, without its body.
public record ReceivedPacket(int modifier1, int modifier2, Map<String, String> variables) {

    /// Reads the next one.
    public static ReceivedPacket from(Origin.Wire wire) throws IOException {
        byte[] head = wire.readBytes(4).getBytes(ISO_8859_1);
        return new ReceivedPacket(head[0], head[3], variables(wire.readBytes(head[1] & 0xff | (head[2] & 0xff) << 8)));
    }

    /// A variable; empty for none.
    public String value(String name) {
        return variables.getOrDefault(name, "");
    }

    private static Map<String, String> variables(String block) {
        Map<String, String> variables = new LinkedHashMap<>();
        int at = 0;
        while (at < block.length()) {
            int valueAt = at + 2 + length(block, at);
            int next = valueAt + 2 + length(block, valueAt);
            String twice = variables.put(block.substring(at + 2, valueAt), block.substring(valueAt + 2, next));
            if (twice != null) {
                throw new IllegalStateException("a variable that came twice: " + block);
            }
            at = next;
        }
        return variables;
    }

    private static int length(String block, int at) {
        return block.charAt(at) | block.charAt(at + 1) << 8;
    }
}

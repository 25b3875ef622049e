package io.selvage.server.proxy;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Template;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Packets of the uwsgi protocol. The input is fields of a client, one `name: value` a line; a value of the form `text*N` is the
/// text N times.
public final class UwsgiPacketFuzz {
    private static final int MOST_TIMES = 70_000;
    private static final List<CgiParam> PARAMS = List.of(new CgiParam("CONTENT_LENGTH", Template.literal(""), false),
            new CgiParam("HTTP_X_SET", Template.literal("ours"), false), new CgiParam("EMPTY", Template.EMPTY, true));

    /// A variable as it stands in a packet.
    private record Pair(String name, String value) {
    }

    private UwsgiPacketFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Headers fields = repeated(FuzzInput.fields(FuzzInput.lines(input)));
        fieldsComeOutAsTheyWentIn(fields);
        variablesOfARequest(fields);
    }

    private static void fieldsComeOutAsTheyWentIn(Headers fields) {
        var packet = new UwsgiPacket();
        List<Pair> expected = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            packet.addField(fields.name(i), fields.value(i));
            expected.add(new Pair("HTTP_" + capitals(fields.name(i)), fields.value(i)));
            packet.add(bytes(fields.name(i)), fields.value(i));
            expected.add(new Pair(fields.name(i), fields.value(i)));
        }
        assertEncoded(expected, packet);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(ISO_8859_1);
    }

    private static void assertEncoded(List<Pair> expected, UwsgiPacket packet) {
        int size = expected.stream().mapToInt(pair -> 4 + pair.name().length() + pair.value().length()).sum();
        try {
            ByteBuffer bytes = packet.encoded(1, 2);
            assertTrue(size <= 0xffff);
            assertEquals(expected, decoded(bytes));
        } catch (Failure e) {
            assertTrue(size > 0xffff && e.what() == Failure.What.TOO_LARGE, e.detail());
        }
    }

    private static void variablesOfARequest(Headers fields) {
        Exchange exchange = exchange(fields);
        var packet = new UwsgiPacket();
        var encoder = new CgiVariables(PARAMS, true, new LoopDetection("here"), UpgradeProtocols.DEFAULT);
        encoder.addTo(packet, exchange, new Framing.Length(3));
        try {
            List<Pair> variables = decoded(packet.encoded(0, 0));
            Set<String> names = new HashSet<>();
            variables.forEach(pair -> assertTrue(names.add(pair.name()), () -> pair.name() + " twice"));
            assertTrue(variables.contains(new Pair("CONTENT_LENGTH", "3")));
            assertTrue(variables.contains(new Pair("HTTP_X_SET", "ours")));
            for (String never : List.of("HTTP_PROXY", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_TE", "EMPTY")) {
                assertFalse(names.contains(never), never);
            }
            assertTrue(variables.stream().filter(pair -> pair.name().equals("HTTP_CDN_LOOP"))
                    .allMatch(pair -> pair.value().endsWith("here")) && names.contains("HTTP_CDN_LOOP"));
        } catch (Failure e) {
            assertEquals(Failure.What.TOO_LARGE, e.what());
        }
    }

    private static Exchange exchange(Headers fields) {
        String[] lines = new String[fields.size() + 1];
        lines[0] = "POST / HTTP/1.1";
        for (int i = 0; i < fields.size(); i++) {
            lines[i + 1] = fields.name(i) + ":" + fields.value(i);
        }
        return io.selvage.server.http.FakeClient.asks(lines);
    }

    /// The variables as an application reads them.
    private static List<Pair> decoded(ByteBuffer packet) {
        packet.get();
        assertEquals(packet.remaining() - 3, twoBytes(packet));
        packet.get();
        List<Pair> pairs = new ArrayList<>();
        while (packet.hasRemaining()) {
            pairs.add(new Pair(string(packet), string(packet)));
        }
        return pairs;
    }

    private static String string(ByteBuffer packet) {
        byte[] bytes = new byte[twoBytes(packet)];
        packet.get(bytes);
        return new String(bytes, ISO_8859_1);
    }

    private static int twoBytes(ByteBuffer packet) {
        return packet.get() & 0xff | (packet.get() & 0xff) << 8;
    }

    private static String capitals(String name) {
        var text = new StringBuilder();
        for (char c : name.toCharArray()) {
            text.append(c == '-' ? '_' : c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        }
        return text.toString();
    }

    private static Headers repeated(Headers fields) {
        Headers.Builder longer = Headers.builder();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.value(i);
            int star = value.lastIndexOf('*');
            boolean counted = star > 0 && value.substring(star + 1).matches("\\d{1,5}");
            int times = counted ? Math.min(Integer.parseInt(value.substring(star + 1)), MOST_TIMES / star) : 1;
            longer.add(fields.name(i), counted ? value.substring(0, star).repeat(times) : value);
        }
        return longer.build();
    }
}

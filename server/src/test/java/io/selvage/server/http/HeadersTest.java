package io.selvage.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeadersTest {
    private final List<String> made = new ArrayList<>();
    private final Headers.Maker<Integer, RuntimeException> size = fields -> {
        made.add(fields.name(0));
        return fields.size();
    };

    @Test
    void valueDerivedFromLastingFieldsIsMadeOnce() {
        Headers fields = Headers.of("Content-Type", "text/css").reusable();
        assertEquals(1, fields.made(size));
        assertEquals(1, fields.made(size));
        assertEquals(List.of("Content-Type"), made);
    }

    @Test
    void valueDerivedFromOtherFieldsIsMadeEachTime() {
        Headers fields = Headers.of("Content-Type", "text/css");
        fields.made(size);
        fields.made(size);
        assertEquals(List.of("Content-Type", "Content-Type"), made);
    }

    @Test
    void anotherMakerReplacesTheLast() {
        Headers fields = Headers.of("A", "1", "B", "2").reusable();
        assertEquals(2, fields.made(size));
        assertEquals("1", fields.<String, RuntimeException>made(other -> other.value(0)));
        assertEquals(2, fields.made(size));
        assertEquals(List.of("A", "A"), made);
    }

    @Test
    void fieldsDerivedFromLastingOnesDoNotLast() {
        Headers fields = Headers.of("A", "1").reusable();
        assertTrue(fields.isReusable());
        assertFalse(fields.with("B", "2").isReusable());
        assertEquals(Headers.of("A", "1"), fields);
    }

    @Test
    void fieldIsFoundFromAnIndexOn() {
        Headers fields = Headers.of("Host", "a", "Accept", "*/*", "host", "b");
        assertEquals(0, fields.indexOf("HOST", 0));
        assertEquals(2, fields.indexOf("Host", 1));
        assertEquals(-1, fields.indexOf("Host", 3));
    }

    @Test
    void fieldIsFoundInEachSpellingAfterEachChange() {
        Headers fields = Headers.builder().add("X-Real-IP", "1").add("Accept", "*/*").set("x-real-ip", "2").build()
                .without("Accept").with("accept", "a").replacing("Via", "b");
        for (String name : List.of("X-Real-IP", "x-real-ip", "ACCEPT", "vIA")) {
            assertTrue(fields.contains(name), name);
        }
        assertEquals(List.of("2"), fields.all("X-REAL-IP"));
        assertEquals(List.of(), fields.all("Host"));
        assertFalse(fields.contains(""));
    }

    @Test
    void fieldsDoNotChangeWithTheirBuilder() {
        Headers.Builder builder = Headers.builder().add("A", "1");
        Headers first = builder.build();
        Headers second = builder.add("B", "2").build();
        Headers third = builder.set("A", "3").build();
        Headers fourth = first.toBuilder().set("A", "4").build();
        assertEquals(Headers.of("A", "1"), first);
        assertEquals(Headers.of("A", "1", "B", "2"), second);
        assertEquals(Headers.of("A", "3", "B", "2"), third);
        assertEquals(Headers.of("A", "4"), fourth);
    }

    @Test
    void buildersOfTheSameFieldsDoNotShareWhatTheyAdd() {
        Headers fields = Headers.builder().add("A", "1").build();
        Headers one = fields.with("B", "2");
        Headers other = fields.with("C", "3");
        assertEquals(Headers.of("A", "1", "B", "2"), one);
        assertEquals(Headers.of("A", "1", "C", "3"), other);
        assertEquals(Headers.of("A", "1"), fields);
    }

    @Test
    void onlySpacesAndTabsSurroundAToken() {
        assertEquals(Set.of("close", "x-own"), Headers.of("Connection", " close\t,\tX-Own").tokens("connection"));
        assertEquals(Set.of("\u000bclose"), Headers.of("Connection", "\u000bclose").tokens("Connection"));
        assertEquals(Set.of("\u001fclose", "a\f"), Headers.of("Connection", "\u001fclose, a\f").tokens("Connection"));
    }

    /// The line of `Cut` is not kept.
    private static Headers received() {
        byte[] lines = "Host: a\r\nCut:b\r\nX-Own: c d\r\n".getBytes(StandardCharsets.ISO_8859_1);
        Headers.Builder fields = Headers.builder().addReceived("Host", 6, 7).add("Cut", "b").addReceived("X-Own", 23, 26);
        fields.received(lines, 0, 9);
        fields.received(lines, 9, lines.length);
        assertEquals(lines.length, fields.received());
        Arrays.fill(lines, (byte) '!');
        return fields.build();
    }

    private static String line(Headers fields, int index) {
        byte[] line = new byte[fields.lineLength(index)];
        if (line.length > 0) {
            fields.copyLine(index, line, 0);
        }
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    @Test
    void receivedFieldsOutliveWhatTheyWereReadFrom() {
        assertEquals(Headers.of("Host", "a", "Cut", "b", "X-Own", "c d"), received());
        assertEquals(Headers.of("Host", "a", "Cut", "b", "X-Own", "c d").hashCode(), received().hashCode());
    }

    @Test
    void lineOfAReceivedFieldIsCopiedAsItCame() {
        Headers fields = received();
        assertEquals("Host: a", line(fields, 0));
        assertEquals("", line(fields, 1));
        assertEquals("c d", fields.value(2));
        assertEquals("X-Own: c d", line(fields, 2));
        assertEquals("", line(Headers.of("A", "b"), 0));
    }

    @Test
    void lineFollowsItsFieldThroughChanges() {
        Headers fewer = received().without("Host");
        assertEquals(Headers.of("Cut", "b", "X-Own", "c d"), fewer);
        assertEquals("X-Own: c d", line(fewer, 1));
        Headers more = fewer.with("Y", "e").replacing("x-own", "f");
        assertEquals(Headers.of("Cut", "b", "X-Own", "f", "Y", "e"), more);
        assertEquals(List.of("", "", ""), List.of(line(more, 0), line(more, 1), line(more, 2)));
        assertEquals("X-Own: c d", line(fewer, 1));
        Headers first = received().replacing("Host", "g").with("Z", "h");
        assertEquals(Headers.of("Host", "g", "Cut", "b", "X-Own", "c d", "Z", "h"), first);
        assertEquals(List.of("", "X-Own: c d", ""), List.of(line(first, 0), line(first, 2), line(first, 3)));
    }

    @Test
    void builtFieldsStayWhenTheBuilderForgetsThem() {
        Headers.Builder builder = Headers.builder().addReceived("A", 3, 4);
        builder.received("A: 1".getBytes(StandardCharsets.ISO_8859_1), 0, 4);
        Headers first = builder.build();
        builder.forget();
        assertEquals(0, builder.size());
        builder.clear();
        assertEquals(Headers.of("B", "2"), builder.add("B", "2").build());
        assertEquals(Headers.of("A", "1"), first);
    }

    @Test
    void receivedValueIsCopiedUntilItIsAString() {
        Headers fields = received();
        byte[] value = new byte[4];
        assertEquals(3, fields.receivedLength(2));
        fields.copyReceived(2, value, 1);
        assertEquals("\0c d", new String(value, StandardCharsets.ISO_8859_1));
        assertEquals("c d", fields.value(2));
        assertEquals(-1, fields.receivedLength(2));
        assertEquals(-1, Headers.of("A", "b").receivedLength(0));
    }
}

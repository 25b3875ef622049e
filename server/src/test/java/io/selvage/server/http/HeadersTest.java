package io.selvage.server.http;

import java.util.ArrayList;
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
    void onlySpacesAndTabsSurroundAToken() {
        assertEquals(Set.of("close", "x-own"), Headers.of("Connection", " close\t,\tX-Own").tokens("connection"));
        assertEquals(Set.of("\u000bclose"), Headers.of("Connection", "\u000bclose").tokens("Connection"));
        assertEquals(Set.of("\u001fclose", "a\f"), Headers.of("Connection", "\u001fclose, a\f").tokens("Connection"));
    }
}

package io.selvage.server.http1;

import java.util.List;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class FieldNamesTest {

    @Test
    void commonNameIsOneObject() {
        for (String name : List.of("Host", "host", "Sec-Fetch-Mode", "sec-fetch-site", "TE", "te", "www-authenticate")) {
            assertEquals(name, of(name));
            assertSame(of(name), of(name));
        }
    }

    @Test
    void otherNamesAreUnchanged() {
        for (String name : List.of("HOST", "hosT", "Sec-fetch-Mode", "X-Own", "h", "T_")) {
            assertEquals(name, of(name));
            assertNotSame(of(name), of(name));
        }
    }

    private static String of(String name) {
        byte[] bytes = ("<" + name + ": x").getBytes(ISO_8859_1);
        return FieldNames.of(bytes, 1, 1 + name.length());
    }
}

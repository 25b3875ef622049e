package io.selvage.server.net;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ByteTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u00e4", "\u20ac", "\ud83d\ude00", "a\u0444b"})
    void textBecomesItsBytesAndTextAgain(String text) {
        String bytes = ByteText.encode(text);
        assertTrue(bytes.chars().allMatch(c -> c <= 0xff), bytes);
        assertEquals(text, ByteText.decode(bytes));
    }

    @Test
    void eachCharIsOneByte() {
        assertEquals("\u00c3\u00a4", ByteText.encode("\u00e4"));
        assertEquals("\u00ff\u0000a", ByteText.of(new byte[] {-1, 0, 'a'}));
    }

    @Test
    void bytesThatAreNotUtf8AreReplacedForPeople() {
        assertEquals("a\ufffd", ByteText.decode("a\u00ff"));
        assertEquals("\u20ac", ByteText.decode("\u20ac"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b", "a/b", "a", "/\u00e4/\u20ac", "\u00e4/b", "../\u0444"})
    void pathKeepsItsBytes(String name) {
        assertEquals(ByteText.encode(name), ByteText.of(ByteText.path(ByteText.encode(name))));
    }

    @Test
    void plainPathIsTheSamePath() {
        assertEquals(Path.of("/a/b"), ByteText.path("/a/b"));
        assertEquals(Path.of("a/../b"), ByteText.path("a/../b"));
    }

    @Test
    void slashAtTheEndOfAPathIsLeftOut() {
        assertEquals("/\u00c3\u00a4", ByteText.of(ByteText.path("/\u00c3\u00a4//")));
    }

    @Test
    void zeroByteIsInNoPath() {
        assertThrows(InvalidPathException.class, () -> ByteText.path("/a\0"));
        assertThrows(InvalidPathException.class, () -> ByteText.path("/\u00e4\0"));
    }
}

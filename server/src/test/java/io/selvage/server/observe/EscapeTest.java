package io.selvage.server.observe;

import io.selvage.server.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EscapeTest {

    private static String escaped(Escape escape, String value) {
        StringBuilder line = new StringBuilder();
        escape.append(Optional.of(value), line);
        return line.toString();
    }

    @Test
    void inputCannotEndALineOrAQuote() {
        assertEquals("a b~", escaped(Escape.DEFAULT, "a b~"));
        assertEquals("\\x22\\x5C\\x0D\\x0A\\x1B[2J\\x7F\\x00\\xFF", escaped(Escape.DEFAULT, "\"\\\r\n\u001b[2J\u007f\0\u00ff"));
    }

    @Test
    void jsonRemainsValid() {
        assertEquals(
                "\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001Fa/\\u00FF\u007f",
                escaped(Escape.JSON, "\"\\\n\r\t\b\f\0\u001fa/\u00ff\u007f"));
    }

    @Test
    void jsonKeepsCharactersInUtf8() {
        for (String text : List.of("caf\u00e9", "\u20ac", "\ud83d\ude00", "\u0080", "\u07ff", "\u0800", "\uffff")) {
            String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            assertEquals(bytes, escaped(Escape.JSON, bytes));
        }
        assertEquals("\\u20AC", escaped(Escape.JSON, "\u20ac"));
    }

    @RepeatedTest(500)
    void jsonIsUtf8WhateverTheBytes(RepetitionInfo run) {
        SplittableRandom random = new SplittableRandom(run.getCurrentRepetition());
        byte[] bytes = new byte[200];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {               // mostly first and following bytes of characters
            bytes[i] |= (byte) (random.nextInt(4) > 0 ? 0x80 : 0);
        }
        String latin1 = new String(bytes, StandardCharsets.ISO_8859_1);

        Object text = Json.object("{\"a\":\"" + escaped(Escape.JSON, latin1) + "\"}").get("a");

        assertEquals(decoded(bytes), text);
    }

    /// What is no character in UTF-8 counts as a byte of ISO 8859-1.
    private static String decoded(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int length = 4;
            while (length > 1 && !isCharacter(bytes, at, length)) {
                length--;
            }
            text.append(length == 1 ? String.valueOf((char) (bytes[at] & 0xff))
                    : new String(bytes, at, length, StandardCharsets.UTF_8));
            at += length;
        }
        return text.toString();
    }

    private static boolean isCharacter(byte[] bytes, int at, int length) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, Math.min(length, bytes.length - at))).toString();
            return at + length <= bytes.length && text.codePointCount(0, text.length()) == 1;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    @Test
    void escapeNoneKeepsTheText() {
        assertEquals("\"\\\n\u00ff", escaped(Escape.NONE, "\"\\\n\u00ff"));
    }

    @Test
    void missingValueIsAHyphenByDefault() {
        StringBuilder line = new StringBuilder();
        for (Escape escape : Escape.values()) {
            escape.append(Optional.empty(), line.append(escape).append('='));
            escape.append(Optional.of(""), line.append(','));
        }
        assertEquals("DEFAULT=-,JSON=,NONE=,", line.toString());
    }
}

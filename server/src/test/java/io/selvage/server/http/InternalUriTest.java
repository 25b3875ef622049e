package io.selvage.server.http;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class InternalUriTest {

    @ParameterizedTest
    @CsvSource({
        "/files/a.txt, /files/a.txt, ''",
        "/files/my file.txt, /files/my file.txt, ''",
        "/files/my%20file.txt, /files/my file.txt, ''",
        "/files/a%2520b, /files/a%20b, ''",
        "/files/a#b, /files/a#b, ''",
        "/files/a%3fb, /files/a?b, ''",
        "/files/a?b=c&d=%20 x?y, /files/a, b=c&d=%20 x?y",
        "/files/a?, /files/a, ''",
        "/files/a?/../b, /files/a, /../b",
        "/s3/http://store/a//b/./c, /s3/http://store/a//b/./c, ''",
        "/..a/b../...//., /..a/b../...//., ''",
        "/%c3%a9, /\u00c3\u00a9, ''"})
    void pathIsDecodedOnceAndKept(String text, String path, String query) {
        assertEquals(Optional.of(new InternalUri(path, query)), InternalUri.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "/a/..", "/..", "/../a", "/a/%2e%2e/b", "/a/.%2E/b", "/a/..%2fb", "/a%2f../b", "/a/..?b"})
    void pathThatStepsUpIsRefused(String text) {
        assertEquals(Optional.empty(), InternalUri.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?a", "a/b", "..", "../a", ".", "http://host/a", "*", " /a", "%2fa"})
    void textWithoutSlashInFrontIsRefused(String text) {
        assertEquals(Optional.empty(), InternalUri.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%", "/a%4", "/a%zz", "/a%4g", "/a%-1", "/a%3?b"})
    void invalidEscapeIsRefused(String text) {
        assertEquals(Optional.empty(), InternalUri.parse(text));
    }

    @Test
    void nulIsRefused() {
        assertEquals(Optional.empty(), InternalUri.parse("/a%00b"));
    }
}

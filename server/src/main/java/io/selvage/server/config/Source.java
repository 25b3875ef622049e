package io.selvage.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// One configuration file as it was read.
///
/// @param name the name it was opened by, for positions
/// @param path where it is; for a file from the jar, where it would have been
public record Source(String name, Path path, byte[] bytes) {

    /// The text; bytes that are not UTF-8 become U+FFFD, which the [Lexer] refuses outside comments.
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

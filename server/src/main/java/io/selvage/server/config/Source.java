package io.selvage.server.config;

import io.selvage.server.net.ByteText;
import java.nio.file.Path;

/// One configuration file as it was read.
///
/// @param name the name it was opened by, for positions; each `char` is one byte
/// @param path where it is; for a file from the jar, where it would have been
public record Source(String name, Path path, byte[] bytes) {

    /// The content; each `char` is one byte.
    String text() {
        return ByteText.of(bytes);
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.net.ByteText;
import java.nio.file.Path;
import java.util.Optional;

/// A file that belongs to the configuration. A relative name is meant in the folder of the main configuration file.
///
/// @param path empty for none
record NamedFile(Path path) {
    static final NamedFile NONE = new NamedFile(Path.of(""));
    static final Codec<NamedFile> CODEC =
            Codec.word(argument -> new NamedFile(argument.configPath()), file -> ByteText.of(file.path));

    boolean isNone() {
        return equals(NONE);
    }

    Optional<Path> found() {
        return isNone() ? Optional.empty() : Optional.of(path);
    }
}

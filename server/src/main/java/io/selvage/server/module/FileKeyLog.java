package io.selvage.server.module;

import io.selvage.server.config.Section;
import io.selvage.server.observe.LogFile;
import io.selvage.server.tls.KeyLog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Writes the secrets of connections to a file.
record FileKeyLog(LogFile file) implements KeyLog {
    @Override
    public void line(String text) {
        file.line(text);
    }

    /// @param file where it is configured
    /// @throws IOException when it cannot be written
    static Optional<KeyLog> open(ConfigScope shared, NamedFile file) throws IOException {
        return file.isNone() ? Optional.empty() : Optional.of(new FileKeyLog(shared.secretLog(file.path())));
    }

    /// Warns if there is one.
    ///
    /// @param directive that names the file
    static void warn(Section section, String directive, NamedFile file) {
        if (!file.isNone()) {
            section.scope().nearest(List.of(directive)).getLast().warning("\"" + directive
                    + "\" writes the secrets of connections to \"" + file.path() + "\": whoever can read it can decrypt them");
        }
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.net.ByteText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A folder for temporary files, and how many digits of a file's name each level of folders below it has
/// (`client_body_temp_path`, `proxy_temp_path`).
record TempPath(Path folder, List<Integer> levels) implements Printable {
    /// The digits of a file's name.
    private static final int MOST_DIGITS = 10;

    TempPath {
        levels = List.copyOf(levels);
    }

    static TempPath read(Line line) {
        List<Integer> levels = new ArrayList<>();
        int left = MOST_DIGITS;
        for (Argument level : line.argumentsFrom(1)) {
            int digits = level.number(1, Math.max(1, left));
            levels.add(digits);
            left -= digits;
        }
        return new TempPath(line.argument(0).path(), levels);
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of(ByteText.of(folder)));
        levels.forEach(level -> words.add(Integer.toString(level)));
        return words;
    }
}

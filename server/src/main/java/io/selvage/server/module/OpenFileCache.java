package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.time.Duration;
import java.util.List;

/// The cache of open files: `open_file_cache`.
///
/// @param max the most files; 0 for no cache
/// @param inactive a file that was not requested for this time is removed
public record OpenFileCache(int max, Duration inactive) implements Printable {
    static OpenFileCache read(Line line) {
        int max = 0;
        Duration inactive = Duration.ofSeconds(60);
        if (line.hasOnly("off")) {
            return new OpenFileCache(max, inactive);
        }
        for (Argument argument : line.arguments()) {
            switch (argument.word().key()) {
                case "max" -> max = argument.option().number(1, Integer.MAX_VALUE);
                case "inactive" -> inactive = argument.option().time();
                default -> argument.unknown();
            }
        }
        if (max == 0) {
            line.problem("\"open_file_cache\" needs \"max=\" or \"off\"");
        }
        return new OpenFileCache(max, inactive);
    }

    @Override
    public List<String> words() {
        return max == 0 ? List.of("off") : List.of("max=" + max, "inactive=" + Values.time(inactive));
    }
}

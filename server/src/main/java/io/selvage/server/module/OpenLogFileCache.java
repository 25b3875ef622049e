package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.observe.LogFile;
import io.selvage.server.observe.LogFiles;
import java.time.Duration;
import java.util.List;

/// `open_log_file_cache`
///
/// @param max the most files; 0 to open a file for each line
/// @param inactive a file without a line for this time is closed
/// @param minUses lines in that time from which on a file stays open
/// @param valid how long a file is used without a check of its name
record OpenLogFileCache(int max, Duration inactive, int minUses, Duration valid) implements Printable {
    private static final Duration USUAL_INACTIVE = Duration.ofSeconds(10);
    private static final Duration USUAL_VALID = Duration.ofSeconds(60);

    static OpenLogFileCache read(Line line) {
        OpenLogFileCache cache = new OpenLogFileCache(0, USUAL_INACTIVE, 1, USUAL_VALID);
        if (line.hasOnly("off")) {
            return cache;
        }
        for (Argument argument : line.arguments()) {
            cache = cache.with(argument);
        }
        if (cache.max == 0) {
            line.problem("\"open_log_file_cache\" needs \"max=\" or \"off\"");
        }
        return cache;
    }

    private OpenLogFileCache with(Argument argument) {
        return switch (argument.word().key()) {
            case "max" -> new OpenLogFileCache(argument.option().number(1, Integer.MAX_VALUE), inactive, minUses, valid);
            case "inactive" -> new OpenLogFileCache(max, argument.option().time(), minUses, valid);
            case "min_uses" -> new OpenLogFileCache(max, inactive, argument.option().number(1, Integer.MAX_VALUE), valid);
            case "valid" -> new OpenLogFileCache(max, inactive, minUses, argument.option().time());
            default -> {
                argument.unknown();
                yield this;
            }
        };
    }

    LogFiles.Cache cache() {
        return max == 0 ? LogFiles.Cache.OFF
                : new LogFiles.Cache(Math.min(max, LogFiles.MOST_VARYING), new LogFile.Keeping(inactive, minUses, valid));
    }

    @Override
    public List<String> words() {
        return max == 0 ? List.of("off") : List.of("max=" + max, "inactive=" + Values.time(inactive), "min_uses=" + minUses,
                "valid=" + Values.time(valid));
    }
}

package io.selvage.server.config;

import java.nio.file.Path;
import java.util.List;

/// One error log: `error_log`.
///
/// @param file the path `stderr` for standard error
public record ErrorLogConfig(Path file, Level level) implements Printable {
    /// What standard error is called.
    public static final Path STDERR = Path.of("stderr");

    /// How serious a message is; a log takes its level and all above.
    public enum Level { DEBUG, INFO, NOTICE, WARN, ERROR, CRIT, ALERT, EMERG }

    static ErrorLogConfig read(Line line) {
        Argument file = line.argument(0);
        if (file.text().startsWith("syslog:") || file.text().startsWith("memory:")) {
            file.notBuilt();
        }
        Level level = line.count() > 1 ? line.argument(1).choice(Level.class) : Level.ERROR;
        return new ErrorLogConfig(file.is("stderr") ? STDERR : file.path(), level);
    }

    @Override
    public List<String> words() {
        return List.of(file.toString(), Argument.written(level));
    }
}

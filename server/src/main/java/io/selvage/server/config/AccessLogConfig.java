package io.selvage.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One access log: `access_log`.
///
/// @param file `/dev/stdout` when nothing is said
/// @param format the name of a [LogFormatConfig]
/// @param condition nothing is written when this comes out empty or as `0`; empty when there is no condition
/// @param buffer bytes to collect before they are written; 0 to write every line at once
/// @param flush how long a line may wait in the buffer; zero for as long as there is room
public record AccessLogConfig(Template file, String format, Template condition, long buffer, Duration flush)
        implements Printable {
    static AccessLogConfig read(Line line) {
        String format = LogFormatConfig.COMBINED_NAME;
        if (line.count() > 1) {
            format = line.argument(1).declared(DeclaredNames::logFormats, "log format");
        }
        Template condition = Template.EMPTY;
        long buffer = 0;
        Duration flush = Duration.ZERO;
        for (Argument argument : line.argumentsFrom(2)) {
            switch (argument.word().key()) {
                case "buffer" -> buffer = argument.option().size();
                case "flush" -> flush = argument.option().time();
                case "if" -> condition = argument.option().template();
                case "gzip" -> argument.notBuilt();
                default -> argument.unknown();
            }
        }
        if (line.argument(0).text().startsWith("syslog:")) {
            line.argument(0).notBuilt();
        }
        checkBuffer(line, buffer, flush);
        return new AccessLogConfig(line.argument(0).pathTemplate(), format, condition, buffer, flush);
    }

    private static void checkBuffer(Line line, long buffer, Duration flush) {
        if (buffer == 0 && !flush.isZero()) {
            line.problem("\"flush\" of \"access_log\" needs a \"buffer\"");
        } else if (buffer > 0 && line.argument(0).text().contains("$")) {
            line.problem("\"buffer\" of \"access_log\" needs a file name without variables");
        }
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(file.toString(), format));
        if (buffer > 0) {
            words.add("buffer=" + Values.size(buffer));
        }
        if (!flush.isZero()) {
            words.add("flush=" + Values.time(flush));
        }
        if (!condition.isEmpty()) {
            words.add("if=" + condition);
        }
        return words;
    }
}

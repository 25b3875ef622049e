package io.selvage.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// One file with histograms of what exchanges took: `latency_log`.
///
/// @param interval how often it is written
public record LatencyLogConfig(Path file, Duration interval) implements Printable {
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    static LatencyLogConfig read(Line line) {
        Argument file = line.argument(0);
        if (file.text().contains("$")) {
            file.refuse("a file name without variables");
        } else if (file.text().startsWith("syslog:")) {
            file.notBuilt();
        } else if (file.text().startsWith("interval=")) {
            file.refuse("a file name before \"interval=\"");
        }
        Duration interval = USUAL;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "interval" -> interval = interval(argument.option());
                default -> argument.unknown();
            }
        }
        return new LatencyLogConfig(file.path(), interval);
    }

    private static Duration interval(Argument argument) {
        OptionalLong millis = Values.millis(argument.text());
        if (millis.isEmpty() || millis.getAsLong() < SHORTEST.toMillis() || millis.getAsLong() > LONGEST.toMillis()) {
            argument.refuse("a time from 100ms to 1h");
            return USUAL;
        }
        return Duration.ofMillis(millis.getAsLong());
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of(file.toString()));
        if (!interval.equals(USUAL)) {
            words.add("interval=" + Values.time(interval));
        }
        return words;
    }
}

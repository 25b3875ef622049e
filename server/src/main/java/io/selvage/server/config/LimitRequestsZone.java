package io.selvage.server.config;

import java.time.Duration;
import java.util.List;

/// Where requests are counted: `limit_req_zone`.
///
/// @param key requests with the same value share a bucket; with an empty one they are not counted
/// @param size bytes of nginx's memory; in the end a bound on the number of keys
/// @param requests how many may come `per` second or minute
public record LimitRequestsZone(Template key, String name, long size, int requests, Duration per) implements Printable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static LimitRequestsZone read(Line line) {
        var zone = new ZoneSize("", 0);
        int requests = 1;
        Duration per = SECOND;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "zone" -> zone = ZoneSize.read(argument.option());
                case "rate" -> {
                    Argument rate = argument.option();
                    per = rate.text().endsWith("r/m") ? MINUTE : SECOND;
                    requests = rate.with(rate.text().replaceFirst("r/[sm]$", "")).number(1, 1_000_000_000);
                    if (!rate.text().matches("\\d+r/[sm]")) {
                        rate.refuse("\"r/s\" or \"r/m\" behind a number");
                    }
                }
                default -> argument.unknown();
            }
        }
        if (zone.name().isEmpty()) {
            line.problem("\"limit_req_zone\" needs \"zone=\"");
        }
        return new LimitRequestsZone(line.argument(0).template(), zone.name(), zone.size(), requests, per);
    }

    @Override
    public List<String> words() {
        return List.of(key.toString(), "zone=" + name + ":" + Values.size(size),
                "rate=" + requests + (per.equals(MINUTE) ? "r/m" : "r/s"));
    }
}

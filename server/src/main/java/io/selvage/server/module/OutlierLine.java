package io.selvage.server.module;

import io.selvage.loadbalancer.OutlierDetection;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `outlier_detection`
record OutlierLine(OutlierDetection rules) implements Printable {
    private static final int MOST = 1_000_000;
    private static final List<String> NAMES = List.of("consecutive_5xx", "success_rate", "latency_factor", "interval",
            "request_volume", "base_ejection_time", "max_ejection_time", "max_ejection_percent");
    private static final OutlierDetection USUAL = OutlierDetection.DEFAULT;

    static OutlierLine read(Line line) {
        OutlierDetection.Rules rules = new OutlierDetection.Rules(
                option(line, "consecutive_5xx").map(value -> value.number(0, MOST)).orElse(USUAL.rules().consecutive5xx()),
                option(line, "success_rate").map(OutlierLine::percent).orElse(0),
                option(line, "latency_factor").map(OutlierLine::factor).orElse(0.0));
        for (Argument argument : line.arguments()) {
            if (!NAMES.contains(argument.word().key()) || !argument.text().contains("=")) {
                argument.unknown();
            }
        }
        return new OutlierLine(new OutlierDetection(rules,
                option(line, "interval").map(OutlierLine::positive).orElse(USUAL.interval()),
                option(line, "request_volume").map(value -> value.number(1, MOST)).orElse(USUAL.requestVolume()),
                ejection(line)));
    }

    private static OutlierDetection.Ejection ejection(Line line) {
        Duration base = option(line, "base_ejection_time").map(OutlierLine::positive).orElse(USUAL.ejection().base());
        Duration longest = longer(base, USUAL.ejection().longest());
        Optional<Argument> most = option(line, "max_ejection_time");
        if (most.isPresent()) {
            Duration given = positive(most.get());
            if (given.compareTo(base) < 0) {
                most.get().refuse("a time of at least the \"base_ejection_time\"");
            }
            longest = longer(base, given);
        }
        return new OutlierDetection.Ejection(base, longest,
                option(line, "max_ejection_percent").map(OutlierLine::percent).orElse(USUAL.ejection().mostPercent()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /// The value of a parameter, of which the last counts.
    private static Optional<Argument> option(Line line, String name) {
        return line.arguments().stream().filter(argument -> argument.word().key().equals(name)).map(Argument::option)
                .reduce((_, last) -> last);
    }

    /// Reads `90` or `90%`.
    private static int percent(Argument value) {
        boolean signed = value.text().endsWith("%");
        return (signed ? value.with(value.text().substring(0, value.text().length() - 1)) : value).number(0, 100);
    }

    private static double factor(Argument value) {
        boolean valid = value.text().matches("[0-9]{1,6}(\\.[0-9]{1,6})?") && Double.parseDouble(value.text()) > 1;
        if (!valid) {
            value.refuse("a number above 1");
        }
        return valid ? Double.parseDouble(value.text()) : 2;
    }

    private static Duration positive(Argument value) {
        Duration time = value.time();
        if (!time.isPositive()) {
            value.refuse("a time above 0");
        }
        return time.isPositive() ? time : Duration.ofSeconds(1);
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add("consecutive_5xx=" + rules.rules().consecutive5xx());
        if (rules.rules().successRate() > 0) {
            words.add("success_rate=" + rules.rules().successRate() + "%");
        }
        if (rules.rules().latencyFactor() > 0) {
            words.add("latency_factor=" + BigDecimal.valueOf(rules.rules().latencyFactor()).stripTrailingZeros().toPlainString());
        }
        words.add("interval=" + Values.time(rules.interval()));
        words.add("request_volume=" + rules.requestVolume());
        words.add("base_ejection_time=" + Values.time(rules.ejection().base()));
        words.add("max_ejection_time=" + Values.time(rules.ejection().longest()));
        words.add("max_ejection_percent=" + rules.ejection().mostPercent() + "%");
        return words;
    }
}

package io.selvage.server.module;

import io.selvage.loadbalancer.QueueSpec;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.time.Duration;
import java.util.List;

/// `queue`: how many requests wait for a free peer, and how long.
record QueueLine(QueueSpec spec) implements Printable {
    private static final Duration USUAL = Duration.ofSeconds(60);

    static QueueLine read(Line line) {
        int length = line.argument(0).number(1, Integer.MAX_VALUE);
        Duration timeout = USUAL;
        for (Argument argument : line.argumentsFrom(1)) {
            if (!argument.word().key().equals("timeout")) {
                argument.unknown();
                continue;
            }
            timeout = timeout(argument.option());
        }
        return new QueueLine(new QueueSpec(length, timeout));
    }

    private static Duration timeout(Argument argument) {
        Duration timeout = argument.time();
        if (!timeout.isZero()) {
            return timeout;
        }
        if (Values.millis(argument.text()).isPresent()) {
            argument.refuse("a time from 1ms");
        }
        return USUAL;
    }

    @Override
    public List<String> words() {
        return List.of(Integer.toString(spec.length()), "timeout=" + Values.time(spec.timeout()));
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long a connection may wait for its next request: `keepalive_timeout`.
///
/// @param idle zero to close after every answer
/// @param announced the value of `Keep-Alive: timeout=`; zero to send no such field
public record KeepAliveTimeout(Duration idle, Duration announced) implements Printable {
    static KeepAliveTimeout read(Line line) {
        return new KeepAliveTimeout(line.argument(0).time(), line.count() > 1 ? line.argument(1).time() : Duration.ZERO);
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(Values.time(idle)));
        if (!announced.isZero()) {
            words.add(Values.time(announced));
        }
        return words;
    }
}

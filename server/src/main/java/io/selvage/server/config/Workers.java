package io.selvage.server.config;

import java.util.List;

/// How many carriers to run: `worker_processes`.
///
/// @param count 0 for as many as there are processors
public record Workers(int count) implements Printable {
    static Workers read(Line line) {
        return new Workers(line.hasOnly("auto") ? 0 : line.argument(0).number(1, 1024));
    }

    @Override
    public List<String> words() {
        return List.of(count == 0 ? "auto" : Integer.toString(count));
    }
}

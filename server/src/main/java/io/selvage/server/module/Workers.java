package io.selvage.server.module;

import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import java.util.List;

/// How many event loops to run (`worker_processes`).
///
/// @param count 0 for as many as there are processors
public record Workers(int count) implements Printable {
    static Workers read(Line line) {
        return new Workers(line.hasOnly("auto") ? 0 : line.argument(0).number(1, 1024));
    }

    /// The number that is meant on this machine.
    public int resolved() {
        return count == 0 ? Runtime.getRuntime().availableProcessors() : count;
    }

    @Override
    public List<String> words() {
        return List.of(count == 0 ? "auto" : Integer.toString(count));
    }
}

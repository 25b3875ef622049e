package io.selvage.server.config;

import java.util.Comparator;

/// One thing that is wrong, or doubtful, at one place of a configuration.
public record Problem(Position position, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::position).thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column: message`
    @Override
    public String toString() {
        return position + ": " + message;
    }
}

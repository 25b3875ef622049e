package io.selvage.server.config;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What was found while one configuration was read, in order of position. A directive that is inherited by many
/// locations is read once for each of them and still reported once. Used by one thread.
final class Problems {
    private static final int MOST = 1000;

    private final SortedSet<Problem> errors = new TreeSet<>();
    private final SortedSet<Problem> warnings = new TreeSet<>();

    void error(Position position, String message) {
        if (errors.size() < MOST) {
            errors.add(new Problem(position, message));
        }
    }

    void warning(Position position, String message) {
        warnings.add(new Problem(position, message));
    }

    List<Problem> errors() {
        return List.copyOf(errors);
    }

    List<Problem> warnings() {
        return List.copyOf(warnings);
    }

    void throwIfAny() throws ConfigProblems {
        if (!errors.isEmpty()) {
            throw new ConfigProblems(errors());
        }
    }
}

package io.selvage.server.config;

import io.selvage.server.net.ByteText;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The problems of one configuration, in order of position. A directive that many locations inherit is read once for each of
/// them, but reported once. Used by one thread.
///
/// Messages and positions come with one `char` for each byte, as words have it, and leave as text.
final class Problems {
    private static final int MOST = 1000;

    private final SortedSet<Problem> errors = new TreeSet<>();
    private final SortedSet<Problem> warnings = new TreeSet<>();

    void error(Position position, String message) {
        if (errors.size() < MOST) {
            errors.add(problem(position, message));
        }
    }

    void warning(Position position, String message) {
        warnings.add(problem(position, message));
    }

    private static Problem problem(Position position, String message) {
        Position shown = new Position(ByteText.decode(position.file()), position.line(), position.column());
        return new Problem(shown, ByteText.decode(message));
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

package io.selvage.server.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with everything that is wrong in it.
///
/// The message has one line for each problem and, below several, how many there are; it can be printed unchanged.
public final class ConfigProblems extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    ConfigProblems(List<Problem> problems) {
        super(message(problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /// All problems of all files, in order of position; never empty.
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        String lines = problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        return problems.size() == 1 ? lines : lines + "\n" + problems.size() + " problems; nothing was started";
    }
}

package io.selvage.server.ssi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Which parts of a page are shown: the branches of `if`, `elif`, `else` and `endif` that the page is in.
final class SsiBranches {
    private static final int DEEPEST = 32;
    private static final Set<String> BRANCHES = Set.of("if", "elif", "else", "endif");

    /// The branches of one `if`.
    private static final class Branch {
        private final boolean around;                      // whether what the `if` stands in is shown
        private boolean chosen;                            // whether one of the branches was shown
        private boolean shown;                             // whether the current one is
        private boolean last;                              // behind `else`

        Branch(boolean around) {
            this.around = around;
        }
    }

    private final Deque<Branch> open = new ArrayDeque<>();

    /// A condition is evaluated only where its branch may be shown.
    @FunctionalInterface
    interface Test {
        boolean isTrue() throws SsiError;
    }

    /// Whether a command begins or ends a branch. Such commands count where nothing is shown, too.
    static boolean isBranch(SsiCommand command) {
        return BRANCHES.contains(command.name());
    }

    boolean isShown() {
        return open.isEmpty() || open.getLast().shown;
    }

    /// @throws SsiError if the condition cannot be evaluated; then there is no branch
    void begin(Test test) throws SsiError {
        if (open.size() == DEEPEST) {
            throw new SsiError("more than " + DEEPEST + " \"if\" commands inside one another");
        }
        Branch branch = new Branch(isShown());
        choose(branch, test);
        open.addLast(branch);
    }

    void otherwise(Test test) throws SsiError {
        choose(current(), test);
    }

    void otherwise() throws SsiError {
        Branch branch = current();
        branch.last = true;
        choose(branch, () -> true);
    }

    void end() throws SsiError {
        if (open.pollLast() == null) {
            throw outOfPlace();
        }
    }

    private static void choose(Branch branch, Test test) throws SsiError {
        branch.shown = false;
        branch.shown = branch.around && !branch.chosen && test.isTrue();
        branch.chosen |= branch.shown;
    }

    private Branch current() throws SsiError {
        if (open.isEmpty() || open.getLast().last) {
            throw outOfPlace();
        }
        return open.getLast();
    }

    private static SsiError outOfPlace() {
        return new SsiError("invalid context of SSI command");
    }
}

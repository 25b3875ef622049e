package io.selvage.server.http;

/// Carries a [Failure] out of code that cannot throw one, such as the evaluation of a variable. It becomes an answer as the
/// failure itself does.
public final class UncheckedFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;

    public UncheckedFailure(Failure failure) {
        super(failure.detail(), failure, false, false);
        this.failure = failure;
    }

    /// The failure that it carries.
    public Failure failure() {
        return failure;
    }
}

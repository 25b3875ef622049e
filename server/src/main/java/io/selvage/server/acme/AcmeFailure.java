package io.selvage.server.acme;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why there is no certificate yet. The message is one line: what failed, the words of the ACME server, and what to do.
final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final transient @Nullable Instant notBefore;

    /// What another attempt can be expected to bring.
    enum Kind {
        /// The ACME server cannot be reached, or is in trouble: soon again.
        UNREACHABLE,
        /// It refuses this certificate as things are.
        REFUSED,
        /// It asks to wait.
        RATE_LIMITED,
        /// Only a change of the configuration helps.
        HOPELESS
    }

    AcmeFailure(Kind kind, String message, @Nullable Instant notBefore, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.notBefore = notBefore;
    }

    AcmeFailure(Kind kind, String message) {
        this(kind, message, null, null);
    }

    Kind kind() {
        return kind;
    }

    /// The time before which the ACME server wants no other attempt (`Retry-After`).
    Optional<Instant> notBefore() {
        return Optional.ofNullable(notBefore);
    }
}

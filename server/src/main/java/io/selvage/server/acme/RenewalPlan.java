package io.selvage.server.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When one certificate is ordered next. Pure: time and chance are arguments. Used by the thread of its issuer.
///
/// Without advice of the ACME server, a certificate is renewed shortly before two thirds of its lifetime are over, at a random
/// moment of a fiftieth of the lifetime, so that certificates of one day do not all come at once. With advice (RFC 9773 §4.2)
/// the moment is a random one of the suggested window, but not in the first tenth of the lifetime, or only its first six hours
/// where those are less. A window that ends before it starts, or after the certificate, is ignored.
///
/// After a failure the wait grows from attempt to attempt: from 30 seconds to an hour while the server cannot be reached, from
/// 2 minutes to a day if it refuses, from an hour to a day if it limits the rate. Up to a tenth is added at random. A time that
/// the server names is respected.
final class RenewalPlan {
    private static final int JITTER_PART = 50;
    private static final Duration SOONEST = Duration.ofHours(6);
    private static final Duration SHORTEST_ADVICE = Duration.ofMinutes(1);
    private static final Duration LONGEST_ADVICE = Duration.ofDays(1);
    private static final Duration DEFAULT_RATE_LIMIT = Duration.ofHours(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final RandomGenerator random;
    private Instant due = Instant.MIN;
    private Instant earliest = Instant.MIN;                // not to renew again and again what the server always finds old
    private Instant expiry = Instant.MAX;
    private Instant adviceDue = Instant.MAX;
    private @Nullable RenewalAdvice advice;                // the one that `due` was chosen from
    private int failures;
    private Instant rateLimitedUntil = Instant.MIN;

    RenewalPlan(RandomGenerator random) {
        this.random = random;
    }

    /// Plans for a certificate that is there, issued now or earlier.
    void issued(IssuedCertificate certificate, Instant now) {
        failures = 0;
        advice = null;
        Duration lifetime = certificate.lifetime();
        due = certificate.notBefore().plus(lifetime.multipliedBy(2).dividedBy(3))
                .minus(part(lifetime.dividedBy(JITTER_PART)));
        earliest = certificate.notBefore().plus(shorter(lifetime.dividedBy(10), SOONEST));
        expiry = certificate.notAfter();
        adviceDue = now;
    }

    /// Takes the advice of the server; without one, the plan stays and it is not asked again for this certificate.
    void advised(Optional<RenewalAdvice> given, Instant now) {
        if (given.isEmpty()) {
            adviceDue = Instant.MAX;
            return;
        }
        RenewalAdvice fresh = given.get();
        adviceDue = clamp(fresh.askAgain(), now.plus(SHORTEST_ADVICE), now.plus(LONGEST_ADVICE));
        RenewalAdvice known = advice;
        boolean changed = known == null || !known.start().equals(fresh.start()) || !known.end().equals(fresh.end());
        boolean sensible = !fresh.end().isBefore(fresh.start()) && !fresh.end().isAfter(expiry);
        if (changed && sensible && failures == 0) {
            Instant chosen = fresh.start().plus(part(Duration.between(fresh.start(), fresh.end())));
            due = chosen.isBefore(earliest) ? earliest : chosen;
            advice = fresh;
        }
    }

    /// Plans the next attempt at the advice that could not be had.
    void adviceFailed(Instant now) {
        adviceDue = now.plus(Duration.ofHours(6));
    }

    /// Plans the next attempt after a failed one.
    void failed(AcmeFailure failure, Instant now) {
        Duration wait = switch (failure.kind()) {
            case UNREACHABLE -> grown(Duration.ofSeconds(30), 2, Duration.ofHours(1));
            case REFUSED -> grown(Duration.ofMinutes(2), 3, LONGEST_WAIT);
            case RATE_LIMITED -> grown(DEFAULT_RATE_LIMIT, 2, LONGEST_WAIT);
            case HOPELESS -> LONGEST_WAIT;
        };
        failures++;
        Instant waited = now.plus(wait).plus(part(wait.dividedBy(10)));
        due = failure.notBefore().filter(earliest -> failure.kind() == AcmeFailure.Kind.RATE_LIMITED || earliest.isAfter(waited))
                .map(earliest -> earliest.plus(part(Duration.ofSeconds(10))))
                .orElse(waited);
        if (failure.kind() == AcmeFailure.Kind.RATE_LIMITED) {
            rateLimitedUntil = due;
        }
    }

    /// Whether the server has asked to wait longer. A reload does not change that.
    boolean isRateLimited(Instant now) {
        return now.isBefore(rateLimitedUntil);
    }

    /// Puts the next attempt off because another process is at it.
    void postpone(Duration wait, Instant now) {
        due = now.plus(wait);
    }

    private Duration grown(Duration first, int factor, Duration most) {
        Duration wait = first;
        for (int i = 0; i < failures && wait.compareTo(most) < 0; i++) {
            wait = wait.multipliedBy(factor);
        }
        return shorter(wait, most);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// A random part of a duration.
    private Duration part(Duration whole) {
        return whole.isPositive() ? Duration.ofMillis(random.nextLong(whole.toMillis() + 1)) : Duration.ZERO;
    }

    private static Instant clamp(Instant value, Instant least, Instant most) {
        return value.isBefore(least) ? least : value.isAfter(most) ? most : value;
    }

    /// When the certificate is ordered.
    Instant due() {
        return due;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /// When the server is asked for its advice.
    boolean isAdviceDue(Instant now) {
        return !now.isBefore(adviceDue);
    }

    /// When something is to be done next.
    Instant next() {
        return due.isBefore(adviceDue) ? due : adviceDue;
    }

    /// The failed attempts since the last success.
    int failures() {
        return failures;
    }
}

package io.selvage.server.acme;

import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The certificates of one issuer, each at its stage: [#run] does whatever is due. Used by one thread at a time; it runs no
/// thread and waits for nothing but the ACME server, so a test moves the clock.
final class IssuerWork {
    /// How often a state folder is looked at for the certificates of other processes.
    static final Duration LOOK = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final IssuerSpec issuer;
    private final IssuerState state;
    private final CertificateAuthority authority;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AcmeLog log;
    private final List<Wanted> wanted = new ArrayList<>();

    /// @param clock the time of day
    /// @param random spreads what servers with the same configuration do
    IssuerWork(IssuerSpec issuer, IssuerState state, CertificateAuthority authority, InstantSource clock,
            RandomGenerator random, AcmeLog log) {
        this.issuer = issuer;
        this.state = state;
        this.authority = authority;
        this.clock = clock;
        this.random = random;
        this.log = log;
    }

    /// One certificate that is wanted.
    private static final class Wanted {
        final CertificateSlot slot;
        final RenewalPlan plan;
        Optional<Object> version = Optional.empty();       // of the file that was read or written last

        Wanted(CertificateSlot slot, RenewalPlan plan) {
            this.slot = slot;
            this.plan = plan;
        }
    }

    /// Sets what is wanted from now on. What was wanted before keeps its plan, except that failures other than rate limits are
    /// forgotten: the configuration may have been corrected.
    void want(List<CertificateSlot> slots) {
        Instant now = clock.instant();
        wanted.removeIf(each -> !slots.contains(each.slot)
                || each.plan.failures() > 0 && !each.plan.isRateLimited(now));
        for (CertificateSlot slot : slots) {
            if (wanted.stream().noneMatch(each -> each.slot == slot)) {
                RenewalPlan plan = new RenewalPlan(random);
                slot.current().ifPresent(certificate -> plan.issued(certificate, now));
                wanted.add(new Wanted(slot, plan));
            }
        }
    }

    /// Does what is due now.
    ///
    /// @return when it is to be called again
    Instant run() throws InterruptedException {
        for (Wanted each : wanted) {
            takeOver(each);
            if (each.plan.isAdviceDue(clock.instant())) {
                askAdvice(each);
            }
            if (each.plan.isDue(clock.instant())) {
                order(each);
            }
        }
        Instant look = state.path().isPresent() ? clock.instant().plus(LOOK) : Instant.MAX;
        return wanted.stream().map(each -> each.plan.next()).reduce(look, (a, b) -> a.isBefore(b) ? a : b);
    }

    /// Takes a certificate that another process has stored.
    private void takeOver(Wanted each) {
        try {
            Optional<Object> version = state.version(each.slot.spec());
            if (version.isEmpty() || version.equals(each.version)) {
                return;
            }
            each.version = version;
            Optional<IssuedCertificate> stored = state.certificate(each.slot.spec());
            if (stored.isEmpty()) {
                return;
            }
            boolean known = each.slot.current().filter(stored.get()::isSameAs).isPresent();
            if (!known) {
                each.slot.replace(stored.get());
                each.plan.issued(stored.get(), clock.instant());
            }
            log(Severity.NOTICE, (known ? "uses" : "takes over") + " the stored certificate for " + each.slot.spec()
                    + ", valid until " + second(stored.get().notAfter()));
        } catch (IOException e) {
            log(Severity.ERROR, "cannot read the stored certificate for " + each.slot.spec() + ": " + reason(e));
        }
    }

    private void askAdvice(Wanted each) throws InterruptedException {
        Optional<IssuedCertificate> current = each.slot.current();
        try {
            each.plan.advised(current.isPresent() ? authority.advice(current.get()) : Optional.empty(), clock.instant());
        } catch (AcmeFailure e) {
            each.plan.adviceFailed(clock.instant());
            log(Severity.INFO, "has no renewal information for " + each.slot.spec() + ": " + e.getMessage());
        }
    }

    /// Orders a certificate, unless another process does that at the moment or has just done it.
    private void order(Wanted each) throws InterruptedException {
        try {
            Optional<StateFolder.Lock> lock = state.tryLock();
            if (lock.isEmpty()) {
                each.plan.postpone(BUSY.plusMillis(random.nextLong(BUSY.toMillis())), clock.instant());
                return;
            }
            try (StateFolder.Lock _ = lock.get()) {
                takeOver(each);
                if (each.plan.isDue(clock.instant())) {
                    issue(each);
                }
            }
        } catch (IOException e) {
            failed(each, new AcmeFailure(AcmeFailure.Kind.UNREACHABLE, "the state folder cannot be used: " + reason(e), null, e));
        }
    }

    private void issue(Wanted each) throws InterruptedException {
        CertificateSpec spec = each.slot.spec();
        try {
            IssuedCertificate issued = authority.issue(spec, each.slot.current());
            each.slot.replace(issued);
            each.plan.issued(issued, clock.instant());
            log(Severity.NOTICE, "issued a certificate for " + spec + ", valid until " + second(issued.notAfter()));
            save(each, issued);
        } catch (AcmeFailure e) {
            failed(each, e);
        }
    }

    private void save(Wanted each, IssuedCertificate issued) {
        try {
            state.save(each.slot.spec(), issued);
            state.end(each.slot.spec());
            state.status(each.slot.spec(), "");
            each.version = state.version(each.slot.spec());
        } catch (IOException e) {
            log(Severity.ERROR, "cannot store the certificate for " + each.slot.spec() + ", which is lost at a restart: "
                    + reason(e));
        }
    }

    private void failed(Wanted each, AcmeFailure failure) {
        Instant now = clock.instant();
        each.plan.failed(failure, now);
        String text = "has no new certificate for " + each.slot.spec() + ": " + failure.getMessage();
        String next = "; next attempt at " + second(each.plan.due());
        log(each.slot.current().isPresent() && failure.kind() == AcmeFailure.Kind.UNREACHABLE ? Severity.WARN : Severity.ERROR,
                text + next);
        try {
            state.status(each.slot.spec(), failure.getMessage() + next);
        } catch (IOException _) {
            // The log has it.
        }
    }

    private static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    private void log(Severity severity, String message) {
        log.log(severity, "acme issuer \"" + issuer.name() + "\" " + message);
    }
}

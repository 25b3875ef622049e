package io.selvage.server.acme;

import io.selvage.server.acme.AcmeFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Months of renewals in virtual time.
class IssuerWorkTest {
    private static final Instant START = Instant.parse("2026-11-28T00:00:00Z");
    private static final Duration NINETY_DAYS = Duration.ofDays(90);
    private static final CertificateSpec SHOP = new CertificateSpec(List.of("shop.example"), KeyAlgorithm.ECDSA_256);

    @TempDir
    private Path folder;

    private final List<String> log = new ArrayList<>();
    private final Authority authority = new Authority();
    private Instant now = START;

    /// An ACME server that does what the test says.
    private final class Authority implements CertificateAuthority {
        final List<Instant> orders = new ArrayList<>();
        final Deque<AcmeFailure> failures = new ArrayDeque<>();
        @Nullable AcmeFailure down;
        Optional<RenewalAdvice> advice = Optional.empty();
        int advised;
        IssuedCertificate first = TestCertificates.valid(START, NINETY_DAYS);

        @Override
        public IssuedCertificate issue(CertificateSpec wanted, Optional<IssuedCertificate> replaced) throws AcmeFailure {
            orders.add(now);
            if (down != null) {
                throw down;
            }
            if (!failures.isEmpty()) {
                throw failures.remove();
            }
            return now.equals(START) ? first : TestCertificates.valid(now, NINETY_DAYS);
        }

        @Override
        public Optional<RenewalAdvice> advice(IssuedCertificate issued) {
            advised++;
            return issued.isSameAs(first) ? advice : Optional.empty();
        }
    }

    @Test
    void ordersAtOnceAndRenewsBeforeTwoThirdsOfTheLifetime() throws Exception {
        Server server = new Server(Optional.empty(), 1);

        server.runUntil(START.plus(Duration.ofDays(365)));

        assertEquals(START, authority.orders.getFirst());
        for (int i = 1; i < authority.orders.size(); i++) {
            long days = Duration.between(authority.orders.get(i - 1), authority.orders.get(i)).toDays();
            assertTrue(days == 58 || days == 59, () -> "renewed after " + days + " days");
        }
        assertEquals(7, authority.orders.size());
    }

    @Test
    void aServerThatIsDownForTwoDaysCostsNothing() throws Exception {
        Server server = new Server(Optional.empty(), 1);
        server.runUntil(START.plus(Duration.ofDays(50)));
        IssuedCertificate first = server.slot.current().orElseThrow();
        authority.down = new AcmeFailure(Kind.UNREACHABLE, "the ACME server https://ca.example/dir cannot be reached: no answer");
        server.runUntil(START.plus(Duration.ofDays(62)));

        assertTrue(first.isSameAs(server.slot.current().orElseThrow()));
        assertTrue(authority.orders.size() > 20 && authority.orders.size() < 24 * 4 + 12, () -> authority.orders.size()
                + " orders");
        assertTrue(log.getLast().startsWith("warn acme issuer \"ca\" has no new certificate for shop.example: the ACME server "
                + "https://ca.example/dir cannot be reached: no answer; next attempt at 2027-"), log::getLast);

        authority.down = null;
        server.runUntil(START.plus(Duration.ofDays(62)).plus(Duration.ofHours(2)));

        assertFalse(first.isSameAs(server.slot.current().orElseThrow()));
    }

    @Test
    void noOrderBeforeTheTimeThatARateLimitNames() throws Exception {
        Instant named = START.plus(Duration.ofHours(30));
        authority.failures.add(new AcmeFailure(Kind.RATE_LIMITED, "too many certificates", named, null));
        Server server = new Server(Optional.empty(), 1);

        server.runUntil(START.plus(Duration.ofHours(29)));
        server.work.want(List.of(server.slot));                   // a reload
        server.runUntil(START.plus(Duration.ofDays(2)));

        assertEquals(2, authority.orders.size());
        assertFalse(authority.orders.get(1).isBefore(named));
        assertTrue(server.slot.current().isPresent());
    }

    @Test
    void adviceOfTheServerDecides() throws Exception {
        authority.advice = Optional.of(new RenewalAdvice(START.plus(Duration.ofDays(20)), START.plus(Duration.ofDays(21)),
                START.plus(Duration.ofDays(400))));
        Server server = new Server(Optional.empty(), 1);

        server.runUntil(START.plus(Duration.ofDays(22)));

        assertEquals(2, authority.orders.size());
        assertEquals(20, Duration.between(START, authority.orders.get(1)).toDays());
        assertTrue(authority.advised >= 20 && authority.advised <= 24, () -> authority.advised + " questions");
    }

    @Test
    void aReloadForgetsAFailure() throws Exception {
        authority.failures.add(new AcmeFailure(Kind.HOPELESS, "terms"));
        Server server = new Server(Optional.empty(), 1);
        server.runUntil(START.plusSeconds(10));
        assertTrue(server.slot.current().isEmpty());

        server.work.want(List.of(server.slot));
        server.runUntil(START.plusSeconds(20));

        assertTrue(server.slot.current().isPresent());
    }

    @Test
    void aReloadKeepsTheTimeOfTheRenewal() throws Exception {
        Server server = new Server(Optional.empty(), 1);
        server.work.run();
        Instant planned = server.work.run();

        server.work.want(List.of(server.slot));

        assertEquals(planned, server.work.run());
        assertEquals(1, authority.orders.size());
    }

    @Test
    void aCertificateThatIsNotWantedAnyMoreIsNotRenewed() throws Exception {
        Server server = new Server(Optional.empty(), 1);
        server.work.run();

        server.work.want(List.of());
        server.runUntil(START.plus(Duration.ofDays(100)));

        assertEquals(1, authority.orders.size());
    }

    @Test
    void twoProcessesWithOneFolderOrderOnce() throws Exception {
        Server one = new Server(Optional.of(folder), 1);
        Server other = new Server(Optional.of(folder), 2);

        one.work.run();
        other.work.run();

        assertEquals(1, authority.orders.size());
        assertTrue(one.slot.current().orElseThrow().isSameAs(other.slot.current().orElseThrow()));
        assertTrue(log.getLast().startsWith("notice acme issuer \"ca\" takes over the stored certificate for shop.example, valid "
                + "until 2027-02-26T00:00:00Z"), log::getLast);
    }

    @Test
    void aRenewalByAnotherProcessIsTakenOverWithinHalfAMinute() throws Exception {
        Server server = new Server(Optional.of(folder), 1);
        server.work.run();
        now = START.plus(Duration.ofDays(5));

        IssuedCertificate renewed = TestCertificates.valid(now, NINETY_DAYS);
        server.state.save(SHOP, renewed);
        server.runUntil(now.plus(IssuerWork.LOOK));

        assertEquals(1, authority.orders.size());
        assertTrue(renewed.isSameAs(server.slot.current().orElseThrow()));
    }

    @Test
    void nothingIsOrderedWhileAnotherProcessHasTheLock() throws Exception {
        Server server = new Server(Optional.of(folder), 1);
        try (StateFolder.Lock _ = new StateFolder(folder).tryLock().orElseThrow()) {
            server.runUntil(START.plusSeconds(20));
            assertEquals(0, authority.orders.size());
        }

        server.runUntil(START.plusSeconds(23));

        assertEquals(1, authority.orders.size());
    }

    @Test
    void aStoredCertificateSurvivesARestart() throws Exception {
        new Server(Optional.of(folder), 1).work.run();

        Server restarted = new Server(Optional.of(folder), 2);
        restarted.runUntil(START.plusSeconds(60));

        assertEquals(1, authority.orders.size());
        assertTrue(restarted.slot.current().isPresent());
    }

    @Test
    void aCertificateThatCannotBeStoredIsUsedAllTheSame() throws Exception {
        Path file = folder.resolve("state");
        Server server = new Server(Optional.of(file), 1);
        Path pem = Files.createDirectories(file.resolve(server.fileName()));      // a folder where the file should be
        Files.createFile(pem.resolve("full"));

        server.work.run();

        assertTrue(server.slot.current().isPresent());
        assertTrue(log.getLast().startsWith("error acme issuer \"ca\" cannot store the certificate for shop.example"),
                log::getLast);
    }

    @Test
    void theStatusOfAFailureIsStoredUntilThereIsACertificate() throws Exception {
        authority.failures.add(new AcmeFailure(Kind.REFUSED, "the ACME server says \"no\" (caa)"));
        Server server = new Server(Optional.of(folder), 1);

        server.work.run();
        assertTrue(server.state.status(SHOP).orElseThrow().startsWith("the ACME server says \"no\" (caa); next attempt at "));

        server.runUntil(START.plusSeconds(200));
        assertEquals(Optional.empty(), server.state.status(SHOP));
    }

    /// One process.
    private final class Server {
        final CertificateSlot slot = new CertificateSlot(SHOP);
        final IssuerState state;
        final IssuerWork work;

        Server(Optional<Path> path, int seed) throws IOException {
            state = new IssuerState(URI.create("https://ca.example/dir"), path);
            state.create();
            IssuerSpec issuer = new IssuerSpec("ca", URI.create("https://ca.example/dir"),
                    new AccountSpec(new AccountKey.Generated(KeyAlgorithm.ECDSA_256), List.of(), true, Optional.empty()),
                    ChallengeType.HTTP_01, ServerTrust.DEFAULT, path, OrderOptions.DEFAULT);
            work = new IssuerWork(issuer, state, authority, () -> now, new SplittableRandom(seed),
                    (severity, line) -> log.add(severity + " " + line));
            work.want(List.of(slot));
        }

        String fileName() throws IOException {
            state.save(SHOP, TestCertificates.valid(START, NINETY_DAYS));
            Path path = state.path().orElseThrow();
            try (var files = Files.list(path)) {
                Path pem = files.filter(each -> each.toString().endsWith(".pem")).findFirst().orElseThrow();
                Files.delete(pem);
                return pem.getFileName().toString();
            }
        }

        /// Lets time pass, and runs the work whenever it wants to.
        void runUntil(Instant end) throws InterruptedException {
            Instant next = work.run();
            while (!next.isAfter(end)) {
                now = next.isAfter(now) ? next : now.plusMillis(1);
                next = work.run();
            }
            now = end;
        }
    }
}

package io.selvage.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Certificates while the server runs: changed files, and certificates that end soon.
class CertificateStoreTest implements CertificateStore.Reports {
    private final TestAuthority authority;
    private final List<String> reports = new ArrayList<>();
    private Instant now = Instant.now();
    private long nanos;
    private final CertificateStore store = new CertificateStore(() -> now, () -> nanos, this);

    @TempDir
    private Path folder = Path.of("");

    CertificateStoreTest() throws Exception {
        authority = TestAuthority.named("CN=Root");
    }

    @Override
    public void info(String message) {
        reports.add("info: " + message);
    }

    @Override
    public void notice(String message) {
        reports.add("notice: " + message);
    }

    @Override
    public void warn(String message) {
        reports.add("warn: " + message);
    }

    @Override
    public void error(String message) {
        reports.add("error: " + message);
    }

    @Test
    void changedFilesAreReadAgainAfterASecond() throws Exception {
        var first = authority.issue("a");
        var second = authority.issue("a");
        WatchedKey key = store.use(write(first));
        write(second);
        assertEquals(first.certificate(), key.current().leaf());
        nanos += Duration.ofMillis(999).toNanos();
        assertEquals(first.certificate(), key.current().leaf());
        nanos += Duration.ofMillis(1).toNanos();
        assertEquals(second.certificate(), key.current().leaf());
        assertEquals(List.of("notice: the certificate \"" + folder + "/a.crt\" was replaced; it is valid until "
                + second.certificate().getNotAfter().toInstant()), reports);
    }

    @Test
    void unchangedFilesKeepTheObjectThatEnginesRemember() throws Exception {
        KeyPairFiles files = write(authority.issue("a"));
        WatchedKey key = store.use(files);
        CertifiedKey first = key.current();
        nanos += Duration.ofHours(1).toNanos();
        assertSame(first, key.current());
        assertSame(key, store.use(files));
        store.keepOnly(Set.of());
        assertNotSame(key, store.use(files));
    }

    @Test
    void brokenFilesLeaveTheOldCertificateInUseAndAreReportedOnce() throws Exception {
        var first = authority.issue("a");
        WatchedKey key = store.use(write(first));
        Files.writeString(folder.resolve("a.crt"), "half a certif");
        for (int i = 0; i < 3; i++) {
            nanos += CertificateStore.INTERVAL.toNanos();
            assertEquals(first.certificate(), key.current().leaf());
        }
        assertEquals(List.of("error: cannot load certificate \"" + folder + "/a.crt\": there is no PEM text "
                + "(\"-----BEGIN ...-----\") in it; the old certificate stays in use"), reports);
        var second = authority.issue("a");
        write(second);
        nanos += CertificateStore.INTERVAL.toNanos();
        assertEquals(second.certificate(), key.current().leaf());
    }

    @Test
    void fileThatDisappearsLeavesTheOldCertificateInUse() throws Exception {
        var first = authority.issue("a");
        WatchedKey key = store.use(write(first));
        Files.delete(folder.resolve("a.key"));
        nanos += CertificateStore.INTERVAL.toNanos();
        assertEquals(first.certificate(), key.current().leaf());
        assertEquals(List.of("error: cannot load certificate key \"" + folder + "/a.key\": no such file; "
                + "the old certificate stays in use"), reports);
    }

    @Test
    void endOfACertificateIsReportedThirtySevenAndOneDayAhead() throws Exception {
        Instant end = now.plus(Duration.ofDays(40));
        store.use(write(authority.issue("EC", "a", now.minusSeconds(1), end)));
        Instant start = now;
        for (int hour = 0; hour < 42 * 24; hour++) {
            now = start.plus(Duration.ofHours(hour));
            store.reportExpiry();
        }
        String name = "warn: the certificate \"" + folder + "/a.crt\" (CN=a) ";
        String when = " on " + end.truncatedTo(ChronoUnit.SECONDS);
        assertEquals(List.of(name + "expires in less than 30 days," + when, name + "expires in less than 7 days," + when,
                name + "expires in less than a day," + when, name + "expired" + when), reports);
    }

    @Test
    void textItselfMayBeGiven() throws Exception {
        var issued = authority.issue("a");
        CertifiedKey key = store.use(new KeyPairFiles("data:" + issued.certificatePem(), "data:" + issued.keyPem(),
                Optional.empty(), Optional.empty())).current();
        assertEquals(issued.certificate(), key.leaf());
    }

    @Test
    void textOfAKeyIsNotShown() {
        var files = new KeyPairFiles("data:x", "data:-----BEGIN PRIVATE KEY-----\nsecret", Optional.empty(), Optional.empty());
        assertEquals("cannot load certificate key \"data:...\": block 1 of the PEM text is damaged",
                assertThrows(TlsFileException.class, files::privateKey).getMessage().replaceFirst("damaged: .*", "damaged"));
        assertEquals("data:...", files.toString());
    }

    @Test
    void cacheKeepsTheCertificatesUsedLastAndLooksAtFilesWhenTheirTimeIsOver() throws Exception {
        var cache = new KeyCache(store, new KeyCache.Options(2, Duration.ofSeconds(60), Duration.ofSeconds(5)));
        KeyPairFiles a = write(Path.of("a"), authority.issue("a"));
        KeyPairFiles b = write(Path.of("b"), authority.issue("b"));
        KeyPairFiles c = write(Path.of("c"), authority.issue("c"));
        CertifiedKey first = cache.get(a);
        cache.get(b);
        assertSame(first, cache.get(a));
        CertifiedKey third = cache.get(c);
        assertSame(third, cache.get(c));
        assertSame(first, cache.get(a));
        write(Path.of("a"), authority.issue("a"));
        assertSame(first, cache.get(a));
        nanos += Duration.ofSeconds(5).toNanos();
        assertNotSame(first, cache.get(a));
        nanos += Duration.ofSeconds(61).toNanos();
        assertNotSame(third, cache.get(c));
    }

    @Test
    void withoutRoomInTheCacheFilesAreReadEveryTime() throws Exception {
        var cache = new KeyCache(store, new KeyCache.Options(0, Duration.ZERO, Duration.ZERO));
        KeyPairFiles a = write(authority.issue("a"));
        assertNotSame(cache.get(a), cache.get(a));
    }

    private KeyPairFiles write(TestAuthority.Issued issued) throws Exception {
        return write(Path.of("a"), issued);
    }

    private KeyPairFiles write(Path name, TestAuthority.Issued issued) throws Exception {
        return new KeyPairFiles(replace(name + ".crt", issued.certificatePem()), replace(name + ".key", issued.keyPem()),
                Optional.empty(), Optional.empty());
    }

    /// As programs replace files: nobody sees half a one, and the new one is another file.
    private String replace(String name, String text) throws IOException {
        Path old = folder.resolve(name);
        Path fresh = Files.writeString(folder.resolve(name + ".new"), text);
        return Files.move(fresh, old, StandardCopyOption.REPLACE_EXISTING).toString();
    }
}

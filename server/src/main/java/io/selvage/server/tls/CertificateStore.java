package io.selvage.server.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The certificates in use. They outlive a configuration: the next one gets the same objects for the same files, and reads only
/// files that have changed. Thread-safe.
public final class CertificateStore {
    /// Files are looked at no more often than this, if the configuration says nothing else.
    public static final Duration INTERVAL = Duration.ofSeconds(1);
    /// The days before the end of a certificate from which it is reported, each once.
    private static final long[] REPORTED_DAYS = {30, 7, 1, 0};

    private final Map<KeyPairFiles, WatchedKey> keys = new ConcurrentHashMap<>();
    private final Map<CertifiedKey, Long> reported = new HashMap<>();      // days that were reported last; guarded by itself
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Reports reports;

    /// Takes what an operator should know.
    public interface Reports {
        void info(String message);

        void notice(String message);

        void warn(String message);

        void error(String message);
    }

    /// @param clock for the validity of certificates
    /// @param nanos [System#nanoTime()]
    public CertificateStore(InstantSource clock, LongSupplier nanos, Reports reports) {
        this.clock = clock;
        this.nanos = nanos;
        this.reports = reports;
    }

    /// The certificate of some files, which is read unless the store has it. Reads changed files again. Blocks.
    ///
    /// @throws TlsFileException if the files cannot be used
    public WatchedKey use(KeyPairFiles files) throws TlsFileException {
        WatchedKey known = keys.get(files);
        if (known == null) {
            known = new WatchedKey(files, this, INTERVAL.toNanos());
            keys.put(files, known);
        } else {
            known.refresh();
        }
        reportExpiry(known);
        return known;
    }

    /// A certificate that is not kept by the store.
    ///
    /// @param interval the least time between two looks at its files
    /// @throws TlsFileException if the files cannot be used
    WatchedKey load(KeyPairFiles files, Duration interval) throws TlsFileException {
        return new WatchedKey(files, this, interval.toNanos());
    }

    /// Forgets the certificates that a configuration no longer uses.
    public void keepOnly(Set<KeyPairFiles> used) {
        keys.keySet().retainAll(used);
        synchronized (reported) {
            reported.keySet().retainAll(keys.values().stream().map(WatchedKey::last).toList());
        }
    }

    /// When each certificate ends, by its file. One that the configuration contains itself has the name `data`.
    public Map<String, Instant> ends() {
        Map<String, Instant> ends = new HashMap<>();
        keys.forEach((files, watched) -> {
            String name = files.certificate().startsWith(KeyPairFiles.DATA) ? "data" : files.certificate();
            Instant end = watched.last().leaf().getNotAfter().toInstant();
            ends.merge(name, end, (one, other) -> one.isBefore(other) ? one : other);
        });
        return ends;
    }

    /// Reports the certificates that end soon. To be called at least once a day.
    public void reportExpiry() {
        keys.values().forEach(this::reportExpiry);
    }

    private void reportExpiry(WatchedKey watched) {
        CertifiedKey key = watched.last();
        Instant now = clock.instant();
        long left = CertificateChecks.daysLeft(key.leaf(), now);
        for (int i = REPORTED_DAYS.length - 1; i >= 0; i--) {
            if (left < REPORTED_DAYS[i]) {
                if (isFirstReport(key, REPORTED_DAYS[i])) {
                    String when = key.leaf().getNotAfter().toInstant().toString();
                    reports.warn("the certificate \"" + watched.files() + "\" (" + CertificateChecks.subject(key.leaf()) + ") "
                            + (left < 0 ? "expired on " : "expires in less than " + days(REPORTED_DAYS[i]) + ", on ") + when);
                }
                return;
            }
        }
    }

    private static String days(long days) {
        return days == 1 ? "a day" : days + " days";
    }

    private boolean isFirstReport(CertifiedKey key, long days) {
        synchronized (reported) {
            Long before = reported.put(key, days);
            return before == null || before > days;
        }
    }

    void replaced(KeyPairFiles files, CertifiedKey old, CertifiedKey now) {
        synchronized (reported) {
            reported.remove(old);
        }
        reports.notice("the certificate \"" + files + "\" was replaced; it is valid until "
                + now.leaf().getNotAfter().toInstant());
    }

    void report(String why) {
        reports.error(why);
    }

    long nanos() {
        return nanos.getAsLong();
    }
}

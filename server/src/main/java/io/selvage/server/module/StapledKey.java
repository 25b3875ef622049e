package io.selvage.server.module;

import io.selvage.server.tls.CertificateStore;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.OcspExchange;
import io.selvage.server.tls.WatchedKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A certificate with the newest OCSP response for it, which is fetched from its responder in the background (`ssl_stapling`).
/// Until there is one, and when it is no longer valid, the certificate is sent alone. Any thread.
final class StapledKey {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST = 64 * 1024;
    /// As nginx: an hour after a response, five minutes after a failure.
    private static final Duration AFTER_RESPONSE = Duration.ofHours(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);
    /// One thread for all responders.
    private static final ExecutorService FETCHING =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("selvage-ocsp").factory());

    private final WatchedKey key;
    private final Options options;
    private final CertificateStore.Reports reports;
    private final AtomicBoolean fetching = new AtomicBoolean();
    private volatile Stapled stapled;

    /// @param responder the address of the responder
    /// @param issuer of the certificate
    /// @param verify whether the signature of a response is verified
    record Options(String responder, X509Certificate issuer, boolean verify) {
    }

    /// @param certificate without a response
    /// @param sent the certificate as it is sent
    /// @param until when the response is valid
    /// @param next when the next response is fetched
    private record Stapled(CertifiedKey certificate, CertifiedKey sent, Instant until, Instant next) {
    }

    StapledKey(WatchedKey key, Options options, CertificateStore.Reports reports) {
        this.key = key;
        this.options = options;
        this.reports = reports;
        CertifiedKey alone = key.current();
        this.stapled = new Stapled(alone, alone, Instant.MAX, Instant.MIN);
    }

    /// The certificate as it is sent now. Begins to fetch a response when it is time; does not wait for it.
    CertifiedKey current() {
        CertifiedKey alone = key.current();
        Instant now = Instant.now();
        Stapled known = stapled;
        boolean replaced = known.certificate != alone;
        if ((replaced || now.isAfter(known.next)) && fetching.compareAndSet(false, true)) {
            FETCHING.execute(() -> refresh(alone));
        }
        return replaced || now.isAfter(known.until) ? alone : known.sent;
    }

    private void refresh(CertifiedKey alone) {
        Instant now = Instant.now();
        try {
            var exchange = new OcspExchange(alone.leaf(), options.issuer);
            byte[] response = fetch(exchange.request());
            Optional<Instant> until = exchange.check(response, options.verify, now);
            stapled = new Stapled(alone, alone.withOcspResponse(response), until.orElse(Instant.MAX), now.plus(AFTER_RESPONSE));
            reports.info("an OCSP response was received from " + options.responder + ", valid until "
                    + until.map(Instant::toString).orElse("it is replaced"));
        } catch (IOException | RuntimeException e) {
            Stapled old = stapled;
            boolean same = old.certificate == alone;
            stapled = new Stapled(alone, same ? old.sent : alone, same ? old.until : Instant.MAX, now.plus(AFTER_FAILURE));
            reports.error("no OCSP response was received from " + options.responder + ": " + e.getMessage());
        } finally {
            fetching.set(false);
        }
    }

    private byte[] fetch(byte[] request) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create(options.responder).toURL().openConnection();
        http.setConnectTimeout((int) TIMEOUT.toMillis());
        http.setReadTimeout((int) TIMEOUT.toMillis());
        http.setInstanceFollowRedirects(false);
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/ocsp-request");
        try (OutputStream out = http.getOutputStream()) {
            out.write(request);
        }
        if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("it answers with " + http.getResponseCode());
        }
        try (InputStream in = http.getInputStream()) {
            return in.readNBytes(LARGEST);
        } finally {
            http.disconnect();
        }
    }
}

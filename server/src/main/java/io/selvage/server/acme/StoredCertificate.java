package io.selvage.server.acme;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A certificate in the state folder of an issuer, for commands that run beside the server.
public final class StoredCertificate {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final IssuerSpec issuer;
    private final CertificateSpec spec;
    private final IssuerState state;

    public StoredCertificate(IssuerSpec issuer, CertificateSpec spec) {
        this.issuer = issuer;
        this.spec = spec;
        this.state = new IssuerState(issuer.directory(), issuer.state());
    }

    /// The certificate; empty if there is none yet, or none that can be read.
    public Optional<X509Certificate> certificate() {
        try {
            return state.certificate(spec).map(issued -> issued.chain().getFirst());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Why there is no newer certificate; empty if nothing has failed.
    public Optional<String> failure() {
        try {
            return state.status(spec);
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Orders a new certificate now, and stores it, where a running server finds it within half a minute. The running server also
    /// answers what the ACME server asks, because it looks into the folder.
    ///
    /// @return when the new certificate expires
    /// @throws IOException with the reason in one line
    public Instant renew() throws IOException, InterruptedException {
        if (issuer.state().isEmpty()) {
            throw new IOException("the acme_issuer \"" + issuer.name() + "\" has \"state_path off\", so that no other process "
                    + "can order for the server");
        }
        state.create();
        try (StateFolder.Lock _ = lock()) {
            IssuedCertificate issued = new Acme4jAuthority(issuer, state, new Challenges()).issue(spec, state.certificate(spec));
            state.save(spec, issued);
            state.end(spec);
            state.status(spec, "");
            return issued.notAfter();
        } catch (AcmeFailure e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private StateFolder.Lock lock() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        Optional<StateFolder.Lock> lock = state.tryLock();
        while (lock.isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(100);
            lock = state.tryLock();
        }
        return lock.orElseThrow(() -> new IOException("another process is ordering at the moment"));
    }
}

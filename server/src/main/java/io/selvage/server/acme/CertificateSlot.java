package io.selvage.server.acme;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The place of one wanted certificate: what has been issued last. Thread-safe; a reader never waits.
public final class CertificateSlot {
    private final CertificateSpec spec;
    /// Written by the thread of its issuer; null until the first certificate.
    private volatile @Nullable IssuedCertificate current;

    CertificateSlot(CertificateSpec spec) {
        this.spec = spec;
    }

    public CertificateSpec spec() {
        return spec;
    }

    /// The newest certificate; empty before the first one. Its object changes only with the certificate.
    public Optional<IssuedCertificate> current() {
        return Optional.ofNullable(current);
    }

    void replace(IssuedCertificate issued) {
        current = issued;
    }
}

package io.selvage.server.acme;

import io.selvage.server.tls.CertificateChecks;
import io.selvage.server.tls.CertificateFile;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A certificate with its chain and private key, for TLS and as PEM text. Immutable.
public final class IssuedCertificate {
    private final CertifiedKey key;
    private final List<CertifiedKey> keys;
    private final String chainPem;
    private final String keyPem;

    private IssuedCertificate(CertifiedKey key, String chainPem, String keyPem) {
        this.key = key;
        this.keys = List.of(key);
        this.chainPem = chainPem;
        this.keyPem = keyPem;
    }

    /// @param chain the certificate of the key first
    /// @throws IOException if the key does not belong to the first certificate
    static IssuedCertificate of(List<X509Certificate> chain, PrivateKey key) throws IOException {
        StringBuilder pem = new StringBuilder();
        try {
            for (X509Certificate each : chain) {
                pem.append(KeyText.pem("CERTIFICATE", each.getEncoded()));
            }
        } catch (CertificateEncodingException e) {
            throw new IOException(e.getMessage(), e);
        }
        CertificateChecks.requireMatch(chain, key);
        return new IssuedCertificate(CertifiedKey.of(chain, key), pem.toString(), KeyText.write(key));
    }

    /// Reads what [#chainPem] and [#keyPem] wrote, in one text.
    ///
    /// @throws IOException if one is missing or damaged, or they do not belong together
    static IssuedCertificate read(String pem) throws IOException {
        byte[] text = pem.getBytes(StandardCharsets.ISO_8859_1);
        return of(CertificateFile.certificates(text), KeyFile.key(text, List.of()));
    }

    /// For handshakes; always the same list and the same object.
    public List<CertifiedKey> keys() {
        return keys;
    }

    /// The certificate of the key first.
    public List<X509Certificate> chain() {
        return key.chain();
    }

    /// The chain in PEM.
    public String chainPem() {
        return chainPem;
    }

    /// The private key in PEM (PKCS#8). Not for logs.
    public String keyPem() {
        return keyPem;
    }

    Instant notBefore() {
        return key.leaf().getNotBefore().toInstant();
    }

    /// When it expires.
    public Instant notAfter() {
        return key.leaf().getNotAfter().toInstant();
    }

    Duration lifetime() {
        return Duration.between(notBefore(), notAfter());
    }

    /// True if both are the same certificate.
    boolean isSameAs(IssuedCertificate other) {
        return key.leaf().equals(other.key.leaf());
    }

    @Override
    public String toString() {
        return "certificate " + key.leaf().getSerialNumber().toString(16) + " until " + notAfter();
    }
}

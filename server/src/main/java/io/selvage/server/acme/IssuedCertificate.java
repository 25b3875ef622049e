package io.selvage.server.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate with its chain and private key, parsed and as PEM text. Immutable.
public final class IssuedCertificate {
    private static final Pattern CERTIFICATE = Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final String chainPem;
    private final String keyPem;

    private IssuedCertificate(List<X509Certificate> chain, PrivateKey key, String chainPem, String keyPem) {
        this.chain = chain;
        this.key = key;
        this.chainPem = chainPem;
        this.keyPem = keyPem;
    }

    /// @param chain the certificate of the key first
    /// @throws IOException if the key does not belong to the first certificate
    static IssuedCertificate of(List<X509Certificate> chain, PrivateKey key) throws IOException {
        StringBuilder pem = new StringBuilder();
        try {
            for (X509Certificate each : chain) {
                pem.append(pem("CERTIFICATE", each.getEncoded()));
            }
            KeyText.requireMatch(chain.getFirst().getPublicKey(), key);
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
        return new IssuedCertificate(List.copyOf(chain), key, pem.toString(), KeyText.write(key));
    }

    /// Reads what [#chainPem] and [#keyPem] wrote, in one text.
    ///
    /// @throws IOException if one is missing or damaged, or they do not belong together
    static IssuedCertificate read(String pem) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            Matcher block = CERTIFICATE.matcher(pem);
            while (block.find()) {
                var in = new ByteArrayInputStream(block.group().getBytes(StandardCharsets.ISO_8859_1));
                chain.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
        } catch (CertificateException e) {
            throw new IOException("the certificate is damaged: " + e.getMessage(), e);
        }
        if (chain.isEmpty()) {
            throw new IOException("there is no certificate in it");
        }
        return of(chain, KeyText.read(pem));
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    /// The certificate of the key first.
    public List<X509Certificate> chain() {
        return chain;
    }

    public PrivateKey key() {
        return key;
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
        return chain.getFirst().getNotBefore().toInstant();
    }

    /// When it expires.
    public Instant notAfter() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    Duration lifetime() {
        return Duration.between(notBefore(), notAfter());
    }

    /// True if both are the same certificate.
    boolean isSameAs(IssuedCertificate other) {
        return chain.getFirst().equals(other.chain.getFirst());
    }

    @Override
    public String toString() {
        return "certificate " + chain.getFirst().getSerialNumber().toString(16) + " until " + notAfter();
    }
}

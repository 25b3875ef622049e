package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A private key and the certificates that prove whose it is. Immutable.
///
/// Two of them are equal only if they are the same object: engines keep what they have made of one for as long as it is used. So
/// keep and share an object rather than build an equal one for each connection.
public final class CertifiedKey {
    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final byte @Nullable [] ocspResponse;
    private volatile @Nullable String fingerprint;         // once it was asked for

    private CertifiedKey(List<X509Certificate> chain, PrivateKey key, byte @Nullable [] ocspResponse) {
        this.chain = chain;
        this.key = key;
        this.ocspResponse = ocspResponse;
    }

    /// @param chain the certificate of the key first, then those that signed it, in order
    /// @throws IllegalArgumentException if the chain is empty, or its first certificate is for another kind of key
    public static CertifiedKey of(List<X509Certificate> chain, PrivateKey key) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a key without a certificate");
        }
        String certified = chain.getFirst().getPublicKey().getAlgorithm();
        if (!certified.equals(key.getAlgorithm())) {
            throw new IllegalArgumentException("a certificate for " + certified + " with a key of " + key.getAlgorithm());
        }
        return new CertifiedKey(List.copyOf(chain), key, null);
    }

    /// The same key with a statement of its issuer that the certificate is valid (RFC 6066 §8), which is sent to clients that
    /// ask for one.
    ///
    /// @param der an OCSPResponse (RFC 6960 §4.2.1)
    public CertifiedKey withOcspResponse(byte[] der) {
        return new CertifiedKey(chain, key, der.clone());
    }

    /// The certificate of the key first.
    public List<X509Certificate> chain() {
        return chain;
    }

    /// The certificate of the key.
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /// SHA-256 of the certificate of the key, in hexadecimal: equal for keys with the same certificate.
    String fingerprint() {
        String known = fingerprint;
        if (known == null) {
            try {
                known = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            fingerprint = known;
        }
        return known;
    }

    public PrivateKey key() {
        return key;
    }

    /// The OCSPResponse to send, DER; a copy.
    public Optional<byte[]> ocspResponse() {
        return Optional.ofNullable(ocspResponse).map(byte[]::clone);
    }
}

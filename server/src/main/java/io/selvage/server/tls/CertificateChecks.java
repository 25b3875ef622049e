package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks a certificate chain and its private key.
public final class CertificateChecks {
    private static final byte[] SAMPLE = {'s', 'e', 'l', 'v', 'a', 'g', 'e'};

    private CertificateChecks() {
    }

    /// @param chain the certificate of the server first
    /// @throws TlsFileException if the key is not that of the first certificate
    public static void requireMatch(List<X509Certificate> chain, PrivateKey key) throws TlsFileException {
        if (matches(chain.getFirst().getPublicKey(), key)) {
            return;
        }
        for (int i = 1; i < chain.size(); i++) {
            if (matches(chain.get(i).getPublicKey(), key)) {
                throw new TlsFileException("the private key belongs to certificate " + (i + 1) + " of the file, \""
                        + subject(chain.get(i)) + "\"; the server's own certificate must be the first");
            }
        }
        throw new TlsFileException("the private key is not that of the certificate \"" + subject(chain.getFirst())
                + "\" (key values mismatch)");
    }

    /// @throws GeneralSecurityException if the private key is not that of the certificate, or of a kind that the JDK cannot use
    static void requireMatch(CertifiedKey key) throws GeneralSecurityException {
        if (!signs(key.leaf().getPublicKey(), key.key())) {
            throw new GeneralSecurityException("the private key does not belong to the certificate");
        }
    }

    private static boolean matches(PublicKey publicKey, PrivateKey key) {
        try {
            return signs(publicKey, key);
        } catch (GeneralSecurityException _) {
            return false;                                  // a key of another algorithm
        }
    }

    /// Whether a signature of the private key is one of the public key.
    private static boolean signs(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException {
        Signature signature = signature(key.getAlgorithm());
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        });
        if (algorithm.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        return signature;
    }

    /// What is doubtful about a chain although it can be used: a certificate out of its time, or in the wrong place.
    public static List<String> warnings(List<X509Certificate> chain, Instant now) {
        List<String> warnings = new ArrayList<>();
        time(chain.getFirst(), now).ifPresent(warnings::add);
        for (int i = 1; i < chain.size(); i++) {
            X509Certificate issued = chain.get(i - 1);
            if (!issued.getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                warnings.add("the order of the chain is wrong: certificate " + (i + 1) + ", \"" + subject(chain.get(i))
                        + "\", does not issue certificate " + i + ", \"" + subject(issued) + "\", whose issuer is \""
                        + issued.getIssuerX500Principal().getName() + "\"");
                break;
            }
        }
        return warnings;
    }

    private static Optional<String> time(X509Certificate certificate, Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant start = certificate.getNotBefore().toInstant();
        if (end.isBefore(now)) {
            return Optional.of("the certificate \"" + subject(certificate) + "\" expired on " + day(end));
        }
        return start.isAfter(now)
                ? Optional.of("the certificate \"" + subject(certificate) + "\" is not valid before " + day(start))
                : Optional.empty();
    }

    /// The whole days that are left until a certificate expires; negative when it has expired.
    public static long daysLeft(X509Certificate certificate, Instant now) {
        return Math.floorDiv(Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds(), 86_400L);
    }

    /// The name of the owner, as people write it.
    public static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static String day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
}

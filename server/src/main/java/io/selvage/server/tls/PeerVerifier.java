package io.selvage.server.tls;

import io.selvage.server.tls.PeerVerification.Result;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Verifies the certificates that the other side has shown (RFC 5280 §6), with no help from the network. Says what is wrong in
/// the words of OpenSSL, which users of nginx know. Pure, apart from the time of day.
final class PeerVerifier {
    /// The use of a certificate as a client's.
    static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    /// The use of a certificate as a server's.
    static final String SERVER = "1.3.6.1.5.5.7.3.1";

    private static final String ANY_USE = "2.5.29.37.0";
    private static final int LONGEST_PATH = 32;

    private PeerVerifier() {
    }

    /// @param chain what was shown, the certificate of the other side first; none if nothing was
    /// @param use [#CLIENT] or [#SERVER]
    static PeerVerification verify(List<X509Certificate> chain, PeerTrust trust, String use) {
        if (chain.isEmpty()) {
            return PeerVerification.NONE;
        }
        try {
            List<X509Certificate> path = new ArrayList<>();
            Optional<X509Certificate> anchor = findPath(chain, trust, path);
            if (anchor.isEmpty()) {
                return trust.trusted().contains(path.getLast()) ? failed("unable to get issuer certificate")
                        : untrusted(chain, path);
            }
            String wrong = validate(path, anchor.get(), trust);
            if (wrong.isEmpty() && !isFor(chain.getFirst(), use)) {
                wrong = "unsuitable certificate purpose";
            }
            return wrong.isEmpty() ? PeerVerification.SUCCESS : failed(wrong);
        } catch (GeneralSecurityException | RuntimeException e) {
            return failed("the certificate cannot be read: " + FailureText.of(e));
        }
    }

    private static PeerVerification failed(String reason) {
        return new PeerVerification(Result.FAILED, reason);
    }

    private static PeerVerification untrusted(List<X509Certificate> chain, List<X509Certificate> path) {
        String reason;
        if (isSelfSigned(path.getLast())) {
            reason = path.size() == 1 ? "self-signed certificate" : "self-signed certificate in certificate chain";
        } else {
            reason = chain.size() == 1 ? "unable to verify the first certificate" : "unable to get local issuer certificate";
        }
        return new PeerVerification(Result.UNTRUSTED, reason);
    }

    /// Goes from certificate to issuer until one is met that has signed itself, which must be trusted. As in OpenSSL, a trusted
    /// certificate of another issuer only helps to find the way.
    ///
    /// @param path receives the certificates below the trusted one, the other side's first
    private static Optional<X509Certificate> findPath(List<X509Certificate> chain, PeerTrust trust, List<X509Certificate> path) {
        X509Certificate current = chain.getFirst();
        path.add(current);
        while (path.size() <= LONGEST_PATH) {
            if (isSelfSigned(current)) {
                return Optional.of(current).filter(trust.trusted()::contains);
            }
            Optional<X509Certificate> trusted = issuer(current, trust.trusted(), path);
            Optional<X509Certificate> found = trusted.isPresent() ? trusted : issuer(current, chain, path);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            current = found.get();
            path.add(current);
        }
        return Optional.empty();
    }

    private static Optional<X509Certificate> issuer(X509Certificate of, List<X509Certificate> among, List<X509Certificate> path) {
        return among.stream()
                .filter(other -> other.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .filter(other -> !path.contains(other) && isSignedBy(of, other))
                .findFirst();
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isSignedBy(certificate, certificate);
    }

    /// Returns what is wrong with a path, or nothing.
    private static String validate(List<X509Certificate> path, X509Certificate anchor, PeerTrust trust)
            throws GeneralSecurityException {
        String overdue = overdue(anchor);
        if (!overdue.isEmpty()) {
            return overdue;
        }
        List<X509Certificate> below = path.getLast().equals(anchor) ? path.subList(0, path.size() - 1) : path;
        if (below.size() - 1 > trust.depth()) {
            return "certificate chain too long";
        }
        if (below.isEmpty()) {
            return "";
        }
        try {
            CertPathValidator validator = CertPathValidator.getInstance("PKIX");
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(below),
                    parameters(validator, anchor, trust));
            return "";
        } catch (CertPathValidatorException e) {
            return reason(e);
        }
    }

    private static PKIXParameters parameters(CertPathValidator validator, X509Certificate anchor, PeerTrust trust)
            throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        if (!trust.crls().isEmpty()) {
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(trust.crls())));
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        return parameters;
    }

    private static String overdue(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return "";
        } catch (CertificateExpiredException e) {
            return "certificate has expired";
        } catch (CertificateNotYetValidException e) {
            return "certificate is not yet valid";
        }
    }

    private static String reason(CertPathValidatorException failure) {
        return switch (failure.getReason()) {
            case BasicReason basic -> switch (basic) {
                case EXPIRED -> "certificate has expired";
                case NOT_YET_VALID -> "certificate is not yet valid";
                case REVOKED -> "certificate revoked";
                case UNDETERMINED_REVOCATION_STATUS -> "unable to get certificate CRL";
                case INVALID_SIGNATURE -> "certificate signature failure";
                case ALGORITHM_CONSTRAINED -> "CA md too weak";
                case UNSPECIFIED -> FailureText.of(failure);
            };
            case PKIXReason pkix -> switch (pkix) {
                case NOT_CA_CERT, INVALID_KEY_USAGE -> "invalid CA certificate";
                case PATH_TOO_LONG -> "path length constraint exceeded";
                case UNRECOGNIZED_CRIT_EXT -> "unhandled critical extension";
                case INVALID_NAME -> "permitted subtree violation";
                default -> FailureText.of(failure);
            };
            default -> FailureText.of(failure);
        };
    }

    private static boolean isFor(X509Certificate certificate, String use) throws CertificateException {
        List<String> uses = certificate.getExtendedKeyUsage();
        return isAny(uses) || uses.contains(use);
    }

    private static boolean isAny(@Nullable List<String> uses) {
        return uses == null || uses.contains(ANY_USE);
    }
}

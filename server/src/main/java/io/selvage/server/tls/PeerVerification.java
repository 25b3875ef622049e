package io.selvage.server.tls;

/// What came of the verification of the other side's certificate.
///
/// @param result the outcome
/// @param reason what is wrong, in the words of OpenSSL, such as `certificate has expired`; empty unless it failed
public record PeerVerification(Result result, String reason) {
    /// No certificate was shown, or none was asked for.
    public static final PeerVerification NONE = new PeerVerification(Result.NONE, "");
    /// The certificate is good.
    public static final PeerVerification SUCCESS = new PeerVerification(Result.SUCCESS, "");

    /// The outcome of a verification.
    public enum Result {
        /// No certificate was shown, or none was asked for.
        NONE,
        /// A path leads from the certificate to a trusted one.
        SUCCESS,
        /// No path leads from the certificate to a trusted one, which says nothing about the certificate itself
        /// (`optional_no_ca` lets it pass).
        UNTRUSTED,
        /// The certificate or its path is wrong: expired, revoked, too long, not for this use. Also if the path stops at a
        /// trusted certificate that is not self-signed.
        FAILED
    }

    /// True if a certificate was shown and is not good.
    public boolean isFailure() {
        return result == Result.UNTRUSTED || result == Result.FAILED;
    }

    /// As nginx's `$ssl_client_verify` writes it: `NONE`, `SUCCESS` or `FAILED:reason`.
    @Override
    public String toString() {
        return isFailure() ? "FAILED:" + reason : result.name();
    }
}

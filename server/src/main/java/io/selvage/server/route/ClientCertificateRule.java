package io.selvage.server.route;

import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Status;
import io.selvage.server.tls.ClientCertificates;
import io.selvage.server.tls.PeerVerification;
import io.selvage.server.tls.TlsInfo;
import java.util.Optional;

/// What a site demands of the certificates of its clients.
///
/// @param verify whether a request needs one
/// @param verification how it is verified in a handshake for the site
public record ClientCertificateRule(VerifyClient verify, ClientCertificates verification) {
    /// A site that asks for none.
    public static final ClientCertificateRule NONE = new ClientCertificateRule(VerifyClient.OFF, ClientCertificates.NONE);
    /// nginx's own statuses; the client sees 400.
    private static final Status BAD_CERTIFICATE = Status.of(495);
    private static final Status NO_CERTIFICATE = Status.of(496);
    private static final Status MISDIRECTED = Status.of(421);

    /// Why a request is refused.
    ///
    /// @param answer the status
    /// @param reason for the error log
    record Refused(StatusOnly answer, String reason) {
        Refused(Status status, String reason) {
            this(new StatusOnly(status), reason);
        }
    }

    /// Whether every request is allowed.
    boolean isOff() {
        return verify == VerifyClient.OFF;
    }

    /// Checks a request of this site.
    ///
    /// @param handshake the rule of the site that the handshake was for
    /// @param named whether the client named that site in the handshake
    /// @return empty if the request is allowed
    Optional<Refused> check(TlsInfo tls, ClientCertificateRule handshake, boolean named) {
        PeerVerification verified = tls.verification();
        boolean shown = verified.result() != PeerVerification.Result.NONE;
        if (!handshake.equals(this) && (named || shown)) {
            return Optional.of(new Refused(MISDIRECTED,
                    "client attempted to request the server name different from the one that was negotiated"));
        }
        boolean tolerated = verify == VerifyClient.OPTIONAL_NO_CA && verified.result() == PeerVerification.Result.UNTRUSTED;
        if (verified.isFailure() && !tolerated) {
            return Optional.of(new Refused(BAD_CERTIFICATE, "client SSL certificate verify error: (" + verified.reason() + ")"));
        }
        return verify == VerifyClient.ON && !shown
                ? Optional.of(new Refused(NO_CERTIFICATE, "client sent no required SSL certificate"))
                : Optional.empty();
    }
}

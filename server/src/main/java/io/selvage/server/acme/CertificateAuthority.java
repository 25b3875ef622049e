package io.selvage.server.acme;

import java.util.Optional;

/// An ACME server as it is used here. Its methods block until the server has answered; interrupting the thread ends them.
interface CertificateAuthority {

    /// Orders a certificate, proves its names and fetches it. A few seconds, or minutes at a slow server.
    ///
    /// @param replaced the certificate that the new one will replace
    IssuedCertificate issue(CertificateSpec wanted, Optional<IssuedCertificate> replaced)
            throws AcmeFailure, InterruptedException;

    /// When the server wants a certificate to be renewed; empty if it gives no such advice.
    Optional<RenewalAdvice> advice(IssuedCertificate issued) throws AcmeFailure, InterruptedException;
}

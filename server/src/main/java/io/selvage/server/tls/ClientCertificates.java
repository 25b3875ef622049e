package io.selvage.server.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/// Whether a server asks its clients for a certificate, and how it is verified.
///
/// A handshake never fails for want of a good certificate: the result is in [TlsInfo#verification], and the server says no in its
/// own protocol. So a browser shows a page and not an error of its own. A client that cannot prove that it has the key of its
/// certificate does fail.
///
/// @param asked false to ask for none; then nothing else counts
/// @param names the certification authorities whose names are sent to the client, which helps it to choose
/// @param trust how the certificate is verified
public record ClientCertificates(boolean asked, List<X509Certificate> names, PeerTrust trust) {
    /// None is asked for.
    public static final ClientCertificates NONE =
            new ClientCertificates(false, List.of(), new PeerTrust(List.of(), 0, List.of()));

    public ClientCertificates {
        names = List.copyOf(names);
    }
}

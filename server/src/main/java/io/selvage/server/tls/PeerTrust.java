package io.selvage.server.tls;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/// How a certificate that the other side shows is verified: a path of certificates to a trusted one (RFC 5280 §6), all of them
/// valid now. Nothing is fetched from the network.
///
/// @param trusted the certificates in which a path may end if they are self-signed; others only help to find the path, as in
///         OpenSSL
/// @param depth the most certificates between the one shown and the trusted one; 0 allows only one that is signed by a trusted
///         one, or trusted itself
/// @param crls revocation lists; with at least one, every certificate of the path needs a list of its issuer
public record PeerTrust(List<X509Certificate> trusted, int depth, List<X509CRL> crls) {
    public PeerTrust {
        trusted = List.copyOf(trusted);
        crls = List.copyOf(crls);
        if (depth < 0) {
            throw new IllegalArgumentException("depth " + depth);
        }
    }
}

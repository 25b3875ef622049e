package io.selvage.server.acme;

import java.util.Optional;

/// How certificates are requested.
///
/// @param profile the kind of certificate that the ACME server is asked for
/// @param profileRequired whether nothing is ordered from a server that does not know the profile
/// @param preferredChain the common name of the issuer of the topmost certificate, where the server offers several chains
/// @param commonName whether the request has the first name as its common name
public record OrderOptions(Optional<String> profile, boolean profileRequired, Optional<String> preferredChain,
        boolean commonName) {
    /// The server's own profile and chain, and no common name.
    public static final OrderOptions DEFAULT = new OrderOptions(Optional.empty(), false, Optional.empty(), false);
}

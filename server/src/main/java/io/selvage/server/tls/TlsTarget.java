package io.selvage.server.tls;

import java.util.Optional;

/// Whom a client expects, and as whom it presents itself.
///
/// @param serverName the name to send (RFC 6066 §3), ASCII without a trailing dot; empty to send none. An address is never sent
/// @param verifiedName the name or address that the peer's certificate must be for, if the policy verifies it (RFC 9525); empty
///         to accept one for any name
/// @param certificate what is shown to a peer that asks for a certificate
public record TlsTarget(Optional<String> serverName, Optional<String> verifiedName, Optional<CertifiedKey> certificate) {

    /// A target whose name is neither sent nor verified.
    public static TlsTarget anybody() {
        return new TlsTarget(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// A target whose name is sent and verified.
    public static TlsTarget named(String name) {
        return new TlsTarget(Optional.of(name), Optional.of(name), Optional.empty());
    }

    /// The same target, which gets this certificate if it asks for one.
    public TlsTarget with(CertifiedKey own) {
        return new TlsTarget(serverName, verifiedName, Optional.of(own));
    }
}

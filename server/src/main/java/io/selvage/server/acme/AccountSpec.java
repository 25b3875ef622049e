package io.selvage.server.acme;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The account at an ACME server (RFC 8555 §7.1.2).
///
/// @param key which account it is
/// @param contacts where the ACME server can reach the operator, such as `mailto:` addresses
/// @param termsAccepted whether the operator agrees to the terms of service
/// @param external an account that the operator has with the certificate authority already
public record AccountSpec(AccountKey key, List<URI> contacts, boolean termsAccepted, Optional<External> external) {
    public AccountSpec {
        contacts = List.copyOf(contacts);
    }

    /// A binding to an account outside of ACME (RFC 8555 §7.3.4).
    ///
    /// @param kid the identifier of the key
    /// @param macKey the key, in base64url
    public record External(String kid, String macKey) {
        @Override
        public String toString() {
            return "External[" + kid + "]";
        }
    }
}

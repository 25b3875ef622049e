package io.selvage.server.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// An ACME server and the account to use there (`acme_issuer`).
///
/// @param name for messages
/// @param directory the URL of the server's directory (RFC 8555 §7.1.1)
/// @param challenge how names are proven
/// @param state the folder for keys and certificates; empty to keep them in memory only
public record IssuerSpec(String name, URI directory, AccountSpec account, ChallengeType challenge, ServerTrust trust,
        Optional<Path> state, OrderOptions options) {
}

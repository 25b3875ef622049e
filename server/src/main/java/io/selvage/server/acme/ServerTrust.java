package io.selvage.server.acme;

import java.nio.file.Path;
import java.util.Optional;

/// How the certificate of the ACME server itself is checked.
///
/// @param authorities a PEM file with trusted certificates; those of the JDK if empty
/// @param verify false to accept any certificate
public record ServerTrust(Optional<Path> authorities, boolean verify) {
    public static final ServerTrust DEFAULT = new ServerTrust(Optional.empty(), true);
}

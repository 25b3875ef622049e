package io.selvage.server.acme;

import java.nio.file.Path;

/// The key that proves to the ACME server which account a request belongs to.
public sealed interface AccountKey {

    /// A key of ours, made when there is none yet.
    record Generated(KeyAlgorithm algorithm) implements AccountKey {
    }

    /// The key in a PEM file of the operator.
    record FromFile(Path file) implements AccountKey {
    }
}

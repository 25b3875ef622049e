package io.selvage.server.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;

/// The key that proves to the ACME server which account a request belongs to.
public sealed interface AccountKey {

    /// A key of ours, made when there is none yet.
    record Generated(KeyAlgorithm algorithm) implements AccountKey {
    }

    /// The key in a PEM file of the operator.
    record FromFile(Path file) implements AccountKey {

        /// @throws IOException if it is no RSA or EC key without a password
        public KeyPair read() throws IOException {
            return KeyText.read(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
    }
}

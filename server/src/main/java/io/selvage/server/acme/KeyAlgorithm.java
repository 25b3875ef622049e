package io.selvage.server.acme;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/// The kinds of private keys that can be made for accounts and certificates.
public enum KeyAlgorithm {
    ECDSA_256("ecdsa", 256, "secp256r1"),
    ECDSA_384("ecdsa", 384, "secp384r1"),
    ECDSA_521("ecdsa", 521, "secp521r1"),
    RSA_2048("rsa", 2048, ""),
    RSA_3072("rsa", 3072, ""),
    RSA_4096("rsa", 4096, "");

    private final String family;
    private final int size;
    private final String curve;

    KeyAlgorithm(String family, int size, String curve) {
        this.family = family;
        this.size = size;
        this.curve = curve;
    }

    /// The algorithm with a name such as `ecdsa:384`, or `ecdsa` and `rsa` for the smallest of each.
    public static Optional<KeyAlgorithm> named(String name) {
        return Arrays.stream(values()).filter(each -> name.equals(each.family) || name.equals(each.toString())).findFirst();
    }

    /// A new key pair. An RSA key of 4096 bits takes a second or more.
    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve.isEmpty() ? "RSA" : "EC");
            if (curve.isEmpty()) {
                generator.initialize(size);
            } else {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no keys of " + this + " in this JDK", e);
        }
    }

    /// As in a configuration: `ecdsa:256`.
    @Override
    public String toString() {
        return family + ":" + size;
    }
}

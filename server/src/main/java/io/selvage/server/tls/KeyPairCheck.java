package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.security.Signature;

/// Checks that a private key belongs to its certificate.
final class KeyPairCheck {
    private static final byte[] ANYTHING = {1, 2, 3, 4};

    private KeyPairCheck() {
    }

    /// @throws GeneralSecurityException if it does not
    static void check(CertifiedKey key) throws GeneralSecurityException {
        String algorithm = switch (key.key().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> throw new GeneralSecurityException("a key of the kind " + key.key().getAlgorithm());
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key.key());
        signature.update(ANYTHING);
        byte[] signed = signature.sign();
        signature.initVerify(key.leaf().getPublicKey());
        signature.update(ANYTHING);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the private key does not belong to the certificate");
        }
    }
}

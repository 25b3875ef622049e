package io.selvage.server.acme;

import io.selvage.server.tls.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;

/// Private keys as text in PEM.
final class KeyText {
    private KeyText() {
    }

    /// PKCS#8.
    static String write(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /// An RSA or EC key: PKCS#8, PKCS#1 or SEC1, without a password.
    ///
    /// @throws IOException if there is none, or it is damaged
    static KeyPair read(String pem) throws IOException {
        return pair(KeyFile.key(pem.getBytes(StandardCharsets.ISO_8859_1), List.of()));
    }

    static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    private static KeyPair pair(PrivateKey key) throws IOException {
        try {
            return new KeyPair(publicKey(key), key);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the private key has no public one: " + e.getMessage(), e);
        }
    }

    private static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case RSAPrivateCrtKey rsa -> KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case ECPrivateKey ec -> KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(point(ec), ec.getParams()));
            default -> throw new InvalidKeyException("neither RSA nor EC");
        };
    }

    private static ECPoint point(ECPrivateKey key) {
        ECParameterSpec curve = key.getParams();
        return EC5Util.convertPoint(EC5Util.convertSpec(curve).getG().multiply(key.getS()).normalize());
    }
}

package io.selvage.server.acme;

import java.io.IOException;
import java.io.StringReader;
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
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/// Private keys as text in PEM.
final class KeyText {
    private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

    private KeyText() {
    }

    /// PKCS#8.
    static String write(PrivateKey key) {
        return IssuedCertificate.pem("PRIVATE KEY", key.getEncoded());
    }

    /// An RSA or EC key: PKCS#8, PKCS#1 or SEC1, without a password.
    ///
    /// @throws IOException if there is none, or it is damaged
    static PrivateKey read(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object first = parser.readObject();
            while (first != null && !(first instanceof PrivateKeyInfo) && !(first instanceof PEMKeyPair)) {
                first = parser.readObject();               // such as the parameters of a curve
            }
            PrivateKeyInfo info = switch (first) {
                case PrivateKeyInfo plain -> plain;
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case null, default -> throw new IOException("there is no private key without a password in it");
            };
            boolean rsa = info.getPrivateKeyAlgorithm().getAlgorithm().getId().equals(RSA_ENCRYPTION);
            return KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the private key is damaged, or neither RSA nor EC", e);
        }
    }

    /// The pair of a private key.
    ///
    /// @throws IOException if the public key cannot be computed
    static KeyPair pair(PrivateKey key) throws IOException {
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

    /// @throws GeneralSecurityException if the public key does not belong to the private one
    static void requireMatch(PublicKey expected, PrivateKey key) throws GeneralSecurityException {
        if (!publicKey(key).equals(expected)) {
            throw new InvalidKeyException("the private key is not that of the certificate");
        }
    }
}

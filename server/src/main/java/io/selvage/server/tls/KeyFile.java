package io.selvage.server.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// Reads private keys in PEM: PKCS#8, PKCS#1 (RSA) and SEC1 (EC), plain or encrypted with a password. Blocks of other types are
/// ignored, so that certificate and key may be in one file.
public final class KeyFile {
    private static final Set<String> KEYS =
            Set.of("PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY");
    /// The algorithms by their object identifiers (RFC 8017, RFC 5480, RFC 8410).
    private static final Map<String, String> ALGORITHMS = Map.of(
            "1.2.840.113549.1.1.1", "RSA", "1.2.840.113549.1.1.10", "RSASSA-PSS", "1.2.840.10045.2.1", "EC",
            "1.3.101.112", "Ed25519", "1.3.101.113", "Ed448");

    private KeyFile() {
    }

    /// The first private key of a file.
    ///
    /// @param passwords to try if the key is encrypted, in this order
    /// @throws TlsFileException if there is no key, or it is damaged, of an unknown algorithm, or encrypted with another password
    public static PrivateKey key(byte[] pem, List<char[]> passwords) throws TlsFileException {
        PemText text = PemText.read(pem);
        List<PemObject> keys = text.ofTypes(KEYS);
        if (keys.isEmpty()) {
            throw new TlsFileException("there is no private key in it, but " + text.types());
        }
        return key(plain(parsed(keys.getFirst()), passwords));
    }

    private static Object parsed(PemObject block) throws TlsFileException {
        StringWriter again = new StringWriter();
        try (PemWriter writer = new PemWriter(again)) {
            writer.writeObject(block);
            writer.flush();
            return new PEMParser(new StringReader(again.toString())).readObject();
        } catch (IOException | RuntimeException e) {
            throw new TlsFileException("the private key in it is damaged: " + e.getMessage(), e);
        }
    }

    private static PrivateKeyInfo plain(Object key, List<char[]> passwords) throws TlsFileException {
        return switch (key) {
            case PrivateKeyInfo info -> info;
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PKCS8EncryptedPrivateKeyInfo encrypted -> decrypted(encrypted::decryptPrivateKeyInfo, passwords);
            case PEMEncryptedKeyPair encrypted -> decrypted(encrypted, passwords);
            default -> throw new TlsFileException("the private key in it is damaged");
        };
    }

    /// A way to decrypt a key.
    @FunctionalInterface
    private interface Decryption {
        PrivateKeyInfo with(InputDecryptorProvider password) throws PKCSException;
    }

    private static PrivateKeyInfo decrypted(Decryption key, List<char[]> passwords) throws TlsFileException {
        var provider = new BouncyCastleProvider();
        for (char[] password : needed(passwords)) {
            try {
                return key.with(new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(password));
            } catch (PKCSException | OperatorCreationException | RuntimeException _) {
                // Another password may fit.
            }
        }
        throw wrong(passwords);
    }

    private static PrivateKeyInfo decrypted(PEMEncryptedKeyPair key, List<char[]> passwords) throws TlsFileException {
        var provider = new BouncyCastleProvider();
        for (char[] password : needed(passwords)) {
            try {
                return key.decryptKeyPair(new JcePEMDecryptorProviderBuilder().setProvider(provider).build(password))
                        .getPrivateKeyInfo();
            } catch (IOException | RuntimeException _) {
                // Another password may fit.
            }
        }
        throw wrong(passwords);
    }

    private static List<char[]> needed(List<char[]> passwords) throws TlsFileException {
        if (passwords.isEmpty()) {
            throw new TlsFileException("the private key in it is encrypted, and there is no password for it");
        }
        return passwords;
    }

    private static TlsFileException wrong(List<char[]> passwords) {
        return new TlsFileException("the private key in it is encrypted with another password than "
                + (passwords.size() == 1 ? "the one" : "the " + passwords.size()) + " given");
    }

    private static PrivateKey key(PrivateKeyInfo info) throws TlsFileException {
        String identifier = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        String algorithm = ALGORITHMS.get(identifier);
        if (algorithm == null) {
            throw new TlsFileException("the private key in it is of an algorithm that TLS does not use: " + identifier);
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFileException("the private key in it cannot be used: " + e.getMessage(), e);
        }
    }
}

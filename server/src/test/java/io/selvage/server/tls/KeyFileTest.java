package io.selvage.server.tls;

import java.io.StringWriter;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Private keys in all the forms that openssl(1) writes.
class KeyFileTest {
    private static final List<char[]> NO_PASSWORD = List.of();

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void readsPkcs8(String algorithm) throws Exception {
        PrivateKey key = TestAuthority.pair(algorithm).getPrivate();
        assertKey(key, SelfSignedCertificate.pem("PRIVATE KEY", key.getEncoded()), NO_PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void readsTheOlderFormsOfOpenSsl(String algorithm) throws Exception {
        KeyPair pair = pairOfOpenSsl(algorithm);
        String pem = TestAuthority.pem(pair);
        assertEquals("-----BEGIN " + algorithm + " PRIVATE KEY-----", pem.lines().findFirst().orElseThrow());
        assertKey(pair.getPrivate(), pem, NO_PASSWORD);
    }

    @Test
    void skipsWhatStandsBeforeTheKey() throws Exception {
        PrivateKey key = TestAuthority.pair("EC").getPrivate();
        String parameters = SelfSignedCertificate.pem("EC PARAMETERS", new byte[] {6, 8, 42, -122, 72, -50, 61, 3, 1, 7});
        String certificate = TestAuthority.named("CN=a").certificatePem();
        assertKey(key, "Bag Attributes\n  friendlyName: a\n" + certificate + parameters
                + SelfSignedCertificate.pem("PRIVATE KEY", key.getEncoded()), NO_PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void decryptsWithTheFirstPasswordThatFits(String algorithm) throws Exception {
        KeyPair pair = pairOfOpenSsl(algorithm);
        List<char[]> passwords = List.of("wrong".toCharArray(), "secret".toCharArray());
        assertKey(pair.getPrivate(), pkcs8(pair.getPrivate(), "secret"), passwords);
        for (String cipher : List.of("AES-256-CBC", "AES-128-CBC", "DES-EDE3-CBC")) {
            assertKey(pair.getPrivate(), dekInfo(pair, cipher, "secret"), passwords);
        }
    }

    @Test
    void encryptedKeyNeedsItsPassword() throws Exception {
        KeyPair pair = TestAuthority.pair("RSA");
        for (String pem : List.of(pkcs8(pair.getPrivate(), "secret"), dekInfo(pair, "AES-256-CBC", "secret"))) {
            assertEquals("the private key in it is encrypted, and there is no password for it", refusal(pem, NO_PASSWORD));
            assertEquals("the private key in it is encrypted with another password than the one given",
                    refusal(pem, List.of("other".toCharArray())));
            assertEquals("the private key in it is encrypted with another password than the 2 given",
                    refusal(pem, List.of("a".toCharArray(), "b".toCharArray())));
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        assertEquals("the file is empty", refusal("", NO_PASSWORD));
        assertEquals("there is no PEM text (\"-----BEGIN ...-----\") in it", refusal("hello\n", NO_PASSWORD));
        assertEquals("it is in DER, not in PEM", refusal("0\u0082\u0001", NO_PASSWORD));
        assertEquals("there is no private key in it, but CERTIFICATE",
                refusal(TestAuthority.named("CN=a").certificatePem(), NO_PASSWORD));
        String cut = SelfSignedCertificate.pem("PRIVATE KEY", TestAuthority.pair("EC").getPrivate().getEncoded());
        assertEquals("block 1 of the PEM text is damaged", refusal(cut.substring(0, 80), NO_PASSWORD).replaceFirst(":.*", ""));
        assertEquals("the private key in it is damaged",
                refusal(SelfSignedCertificate.pem("PRIVATE KEY", new byte[] {1, 2, 3}), NO_PASSWORD).replaceFirst(":.*", ""));
    }

    private static void assertKey(PrivateKey expected, String pem, List<char[]> passwords) throws Exception {
        PrivateKey read = KeyFile.key(pem.getBytes(ISO_8859_1), passwords);
        if (expected instanceof ECPrivateKey elliptic) {
            assertEquals(elliptic.getS(), ((ECPrivateKey) read).getS());
        } else {
            assertArrayEquals(expected.getEncoded(), read.getEncoded());
        }
    }

    /// A pair whose encoding names the curve inside, as OpenSSL does and the JDK does not.
    private static KeyPair pairOfOpenSsl(String algorithm) throws Exception {
        KeyPair pair = TestAuthority.pair(algorithm);
        return new KeyPair(pair.getPublic(), KeyFactory.getInstance(algorithm, new BouncyCastleProvider())
                .generatePrivate(new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded())));
    }

    private static String refusal(String pem, List<char[]> passwords) {
        return assertThrows(TlsFileException.class, () -> KeyFile.key(pem.getBytes(ISO_8859_1), passwords)).getMessage();
    }

    private static String pkcs8(PrivateKey key, String password) throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                .setProvider(new BouncyCastleProvider()).setRandom(new SecureRandom()).setPassword(password.toCharArray())
                .setIterationCount(2048).build();
        return TestAuthority.pem(new JcaPKCS8Generator(key, encryptor).generate());
    }

    private static String dekInfo(KeyPair pair, String cipher, String password) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(pair, new JcePEMEncryptorBuilder(cipher).setProvider(new BouncyCastleProvider())
                    .build(password.toCharArray()));
        }
        return text.toString();
    }
}

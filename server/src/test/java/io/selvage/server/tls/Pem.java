package io.selvage.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The keys and certificates of the tests. They are valid until 2125, except those whose names say something else.
public final class Pem {
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    private Pem() {
    }

    /// A key with its chain, such as `server-ecdsa`.
    public static CertifiedKey key(String name) {
        try {
            String text = text(name + ".pem");
            int at = text.indexOf(BEGIN_KEY);
            byte[] der = Base64.getMimeDecoder().decode(text.substring(at + BEGIN_KEY.length(), text.indexOf(END_KEY)));
            List<X509Certificate> chain = certificates(text.substring(0, at));
            PrivateKey key = KeyFactory.getInstance(chain.getFirst().getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(der));
            return CertifiedKey.of(chain, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Certificates without a key, such as `ca`.
    public static List<X509Certificate> certificates(String... names) {
        try {
            StringBuilder text = new StringBuilder();
            for (String name : names) {
                text.append(name.startsWith("-") ? name : text(name + ".pem"));
            }
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.toString().getBytes(US_ASCII))).stream()
                    .map(X509Certificate.class::cast).toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A revocation list, such as `ca`.
    public static X509CRL crl(String name) {
        try {
            CRL crl = CertificateFactory.getInstance("X.509")
                    .generateCRL(new ByteArrayInputStream(text(name + ".crl").getBytes(US_ASCII)));
            return (X509CRL) crl;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String file) {
        try (InputStream in = Pem.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

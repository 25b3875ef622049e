package io.selvage.server.acme;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Certificates of any validity, each with a serial number of its own. All have one key.
final class TestCertificates {
    static final KeyPair PAIR = KeyAlgorithm.ECDSA_256.generate();
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private TestCertificates() {
    }

    static IssuedCertificate valid(Instant from, Duration lifetime) {
        try {
            return IssuedCertificate.of(List.of(certificate(from, lifetime)), PAIR.getPrivate());
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate certificate(Instant from, Duration lifetime)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Name name = new X500Name("CN=shop.example");
        return new JcaX509CertificateConverter().getCertificate(
                new JcaX509v3CertificateBuilder(name, BigInteger.valueOf(SERIAL.incrementAndGet()), Date.from(from),
                        Date.from(from.plus(lifetime)), name, PAIR.getPublic())
                        .addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(new byte[] {1, 2, 3}))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(PAIR.getPrivate())));
    }
}

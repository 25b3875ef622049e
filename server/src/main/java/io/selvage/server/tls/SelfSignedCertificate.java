package io.selvage.server.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// A certificate that no authority has signed, with a new key for ECDSA on P-256. A client trusts it only if configured to.
///
/// @param certificate for a server; its own authority, too, so that clients can be given it as one
/// @param key not shown
public record SelfSignedCertificate(X509Certificate certificate, PrivateKey key) {
    /// Browsers on macOS trust no certificate for longer.
    public static final Duration LONGEST = Duration.ofDays(825);

    /// @param names of hosts, with `*.` in front or without, and addresses; at least one
    /// @param start when it begins to be valid
    /// @throws IllegalArgumentException for a name that cannot be in a certificate
    public static SelfSignedCertificate of(List<String> names, Instant start, Duration valid) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new SelfSignedCertificate(signed(pair, names, start, start.plus(valid)), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);                // every JDK has these algorithms
        }
    }

    private static X509Certificate signed(KeyPair pair, List<String> names, Instant start, Instant end)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        var subject = new X500NameBuilder().addRDN(BCStyle.CN, names.getFirst()).build();
        var serial = new BigInteger(126, new SecureRandom()).setBit(126);
        var builder = new JcaX509v3CertificateBuilder(subject, serial, Date.from(start), Date.from(end), subject,
                pair.getPublic());
        GeneralName[] all = names.stream().map(SelfSignedCertificate::name).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        return new JcaX509CertificateConverter().getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    private static GeneralName name(String name) {
        boolean address = name.contains(":") || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    /// As a server shows it.
    CertifiedKey certifiedKey() {
        return CertifiedKey.of(List.of(certificate), key);
    }

    /// The certificate as PEM.
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The key as PEM (PKCS#8), without a password.
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /// Bytes as PEM.
    static String pem(String type, byte[] bytes) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "self-signed certificate " + CertificateChecks.subject(certificate);
    }
}

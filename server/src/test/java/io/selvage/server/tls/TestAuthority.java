package io.selvage.server.tls;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// An authority that makes certificates for tests.
///
/// @param certificate of the authority
/// @param key of the authority
public record TestAuthority(X509Certificate certificate, PrivateKey key) {
    private static final AtomicInteger SERIALS = new AtomicInteger(1);
    private static final Instant NOW = Instant.now();
    private static final Instant START = NOW.minus(Duration.ofDays(1));
    private static final Instant END = NOW.plus(Duration.ofDays(3650));

    /// A certificate with its key.
    public record Issued(X509Certificate certificate, PrivateKey key) {
        public String certificatePem() throws Exception {
            return pem(certificate);
        }

        public String keyPem() throws Exception {
            return SelfSignedCertificate.pem("PRIVATE KEY", key.getEncoded());
        }
    }

    public static TestAuthority named(String name) throws Exception {
        KeyPair pair = pair("EC");
        X509Certificate own = sign(new X500Name(name), pair, new X500Name(name), pair.getPrivate(), NOW.minus(Duration.ofDays(1)),
                NOW.plus(Duration.ofDays(3650)),
                true, new String[0]);
        return new TestAuthority(own, pair.getPrivate());
    }

    /// An authority that this one has signed.
    public TestAuthority intermediate(String name) throws Exception {
        KeyPair pair = pair("EC");
        X509Certificate own = sign(new X500Name(name), pair, issuer(), key, START, END,
                true,
                new String[0]);
        return new TestAuthority(own, pair.getPrivate());
    }

    /// A certificate for hosts, valid for a year.
    public Issued issue(String commonName, String... hosts) throws Exception {
        return issue("EC", commonName, START, NOW.plus(Duration.ofDays(365)), hosts);
    }

    /// @param algorithm of its key: `EC` or `RSA`
    public Issued issue(String algorithm, String commonName, Instant start, Instant end, String... hosts) throws Exception {
        KeyPair pair = pair(algorithm);
        X509Certificate signed = sign(new X500Name("CN=" + commonName), pair, issuer(), key, start, end, false, hosts);
        return new Issued(signed, pair.getPrivate());
    }

    /// A list that revokes some certificates.
    public X509CRL revoke(Issued... revoked) throws Exception {
        var builder = new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(NOW.minus(Duration.ofDays(1))));
        builder.setNextUpdate(Date.from(NOW.plus(Duration.ofDays(365))));
        for (Issued each : revoked) {
            builder.addCRLEntry(each.certificate.getSerialNumber(), Date.from(NOW), CRLReason.keyCompromise);
        }
        return new JcaX509CRLConverter().getCRL(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /// An OCSP response that says that a certificate is good, in DER.
    public byte[] good(Issued issued) throws Exception {
        return response(issued, CertificateStatus.GOOD, NOW.plus(Duration.ofDays(7)));
    }

    /// An OCSP response, in DER.
    public byte[] response(Issued issued, CertificateStatus status, Instant nextUpdate) throws Exception {
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        var id = new JcaCertificateID(digests.get(CertificateID.HASH_SHA1), certificate, issued.certificate.getSerialNumber());
        var builder = new JcaBasicOCSPRespBuilder(certificate.getPublicKey(), digests.get(CertificateID.HASH_SHA1));
        builder.addResponse(id, status, Date.from(NOW.minus(Duration.ofHours(1))), Date.from(nextUpdate));
        var basic = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key), null, Date.from(NOW));
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded();
    }

    public String certificatePem() throws Exception {
        return pem(certificate);
    }

    private X500Name issuer() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    public static String pem(Object object) throws Exception {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(256);
        } else if (algorithm.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(X500Name name, KeyPair pair, X500Name issuer, PrivateKey signer, Instant start,
            Instant end, boolean authority, String[] hosts) throws Exception {
        var builder = new JcaX509v3CertificateBuilder(issuer, BigInteger.valueOf(SERIALS.incrementAndGet()),
                Date.from(start), Date.from(end), name, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (authority) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        }
        if (hosts.length > 0) {
            GeneralName[] names = Arrays.stream(hosts).map(host -> new GeneralName(GeneralName.dNSName, host))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return new JcaX509CertificateConverter().getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    }
}

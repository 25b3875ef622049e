package io.selvage.server.acme;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.shredzone.acme4j.Identifier;

/// The certificate that answers tls-alpn-01 (RFC 8737 §3): self-signed, with the hash of the key authorization.
final class AlpnCertificate {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");
    private static final Duration VALID = Duration.ofDays(7);

    private AlpnCertificate() {
    }

    /// @param name a DNS name or an IP address
    static IssuedCertificate of(String name, String authorization) throws IOException {
        KeyPair pair = KeyAlgorithm.ECDSA_256.generate();
        X500Name subject = new X500Name("CN=acme.invalid");
        Instant now = Instant.now();
        GeneralName subjectName = new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(authorization.getBytes(StandardCharsets.UTF_8));
            var certificate = new JcaX509v3CertificateBuilder(subject, BigInteger.valueOf(now.toEpochMilli()),
                    Date.from(now.minus(VALID)), Date.from(now.plus(VALID)), subject, pair.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(subjectName))
                    .addExtension(ACME_IDENTIFIER, true, new DEROctetString(hash))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            return IssuedCertificate.of(List.of(new JcaX509CertificateConverter().getCertificate(certificate)),
                    pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the certificate for the challenge cannot be made: " + e.getMessage(), e);
        }
    }

    static Identifier identifier(String name) {
        return isAddress(name) ? Identifier.ip(name) : Identifier.dns(name);
    }

    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("\\d+(\\.\\d+){3}");
    }

    /// The name that an ACME server asks for (RFC 8738 §6).
    static String serverName(String name) {
        if (!isAddress(name)) {
            return name;
        }
        byte[] address = InetAddress.ofLiteral(name).getAddress();
        StringBuilder reverse = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            if (address.length == 4) {
                reverse.append(address[i] & 0xff).append('.');
            } else {
                reverse.append(Character.forDigit(address[i] & 0xf, 16)).append('.')
                        .append(Character.forDigit(address[i] >> 4 & 0xf, 16)).append('.');
            }
        }
        return reverse + (address.length == 4 ? "in-addr.arpa" : "ip6.arpa");
    }
}

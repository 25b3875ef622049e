package io.selvage.server.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Makes certificates that prove nothing: signed with their own key (RFC 5280 §4.1), for P-256.
public final class SelfSigned {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8 = 0x0c;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int DNS_NAME = 0x82;
    private static final byte[] ECDSA_WITH_SHA256 = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {6, 3, 0x55, 0x1d, 0x11};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private SelfSigned() {
    }

    /// A new key and its certificate, valid from an hour ago.
    ///
    /// @param names host names, ASCII; at least one
    /// @param valid from now on
    public static CertifiedKey of(List<String> names, Duration valid) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] signed = toBeSigned(names, valid, pair.getPublic().getEncoded());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed);
            byte[] certificate = tlv(SEQUENCE, signed, tlv(SEQUENCE, ECDSA_WITH_SHA256), bits(signature.sign()));
            return CertifiedKey.of(List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate))), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is missing", e);
        }
    }

    private static byte[] toBeSigned(List<String> names, Duration valid, byte[] publicKey) {
        Instant now = Instant.now();
        byte[] name = tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, COMMON_NAME, tlv(UTF8, names.getFirst().getBytes(US_ASCII)))));
        byte[][] hosts = names.stream().map(host -> tlv(DNS_NAME, host.getBytes(US_ASCII))).toArray(byte[][]::new);
        return tlv(SEQUENCE,
                tlv(VERSION, tlv(INTEGER, new byte[] {2})),
                tlv(INTEGER, new BigInteger(64, new SecureRandom()).add(BigInteger.ONE).toByteArray()),
                tlv(SEQUENCE, ECDSA_WITH_SHA256),
                name,
                tlv(SEQUENCE, time(now.minus(Duration.ofHours(1))), time(now.plus(valid))),
                name,
                publicKey,
                tlv(EXTENSIONS, tlv(SEQUENCE, tlv(SEQUENCE, SUBJECT_ALTERNATIVE_NAME,
                        tlv(OCTET_STRING, tlv(SEQUENCE, hosts))))));
    }

    private static byte[] time(Instant when) {
        return tlv(GENERALIZED_TIME, TIME.format(when).getBytes(US_ASCII));
    }

    private static byte[] bits(byte[] value) {
        return tlv(BIT_STRING, new byte[1], value);
    }

    /// A value of ASN.1 in DER: its tag, its length and its parts.
    private static byte[] tlv(int tag, byte[]... parts) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            value.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        byte[] length = BigInteger.valueOf(value.size()).toByteArray();
        if (value.size() < 0x80) {
            out.write(value.size());
        } else {
            int zeros = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - zeros);
            out.write(length, zeros, length.length - zeros);
        }
        out.writeBytes(value.toByteArray());
        return out.toByteArray();
    }
}

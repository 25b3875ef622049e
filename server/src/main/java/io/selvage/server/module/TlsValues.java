package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.tls.TlsInfo;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Variables of TLS. On a connection without TLS they have no value.
final class TlsValues {
    /// As OpenSSL writes times: `Nov 28 14:05:01 2026 GMT`.
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Base64.Encoder PEM_LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private TlsValues() {
    }

    static Map<String, Variable> all() {
        Map<String, Variable> all = new HashMap<>();
        put(all, "ssl_protocol", tls -> Optional.of(tls.protocol()));
        put(all, "ssl_cipher", tls -> Optional.of(tls.cipher()));
        put(all, "ssl_ciphers", tls -> joined(tls.clientCiphers()));
        put(all, "ssl_curve", TlsInfo::group);
        put(all, "ssl_curves", tls -> joined(tls.clientGroups()));
        put(all, "ssl_server_name", TlsInfo::serverName);
        put(all, "ssl_session_id", tls -> RequestValues.filled(tls.sessionId()));
        put(all, "ssl_session_reused", tls -> Optional.of(tls.isReused() ? "r" : "."));
        put(all, "ssl_early_data", tls -> tls.isEarlyData() ? Optional.of("1") : Optional.empty());
        put(all, "ssl_alpn_protocol", TlsInfo::alpn);
        put(all, "ssl_client_verify", tls -> Optional.of(tls.verification().toString()));
        certificates(all);
        return all;
    }

    private static void certificates(Map<String, Variable> all) {
        putCertificate(all, "ssl_client_raw_cert", certificate -> pem(certificate) + "\n");
        putCertificate(all, "ssl_client_cert", certificate -> pem(certificate).replace("\n", "\n\t"));
        putCertificate(all, "ssl_client_escaped_cert", certificate -> escaped(pem(certificate) + "\n"));
        putCertificate(all, "ssl_client_fingerprint", certificate -> sha1(encoded(certificate)));
        putCertificate(all, "ssl_client_s_dn", certificate -> DistinguishedNames.rfc2253(certificate.getSubjectX500Principal()));
        putCertificate(all, "ssl_client_i_dn", certificate -> DistinguishedNames.rfc2253(certificate.getIssuerX500Principal()));
        putCertificate(all, "ssl_client_s_dn_legacy",
                certificate -> DistinguishedNames.oneLine(certificate.getSubjectX500Principal()));
        putCertificate(all, "ssl_client_i_dn_legacy",
                certificate -> DistinguishedNames.oneLine(certificate.getIssuerX500Principal()));
        putCertificate(all, "ssl_client_serial", certificate -> serial(certificate.getSerialNumber()));
        putCertificate(all, "ssl_client_v_start", certificate -> TIME.format(certificate.getNotBefore().toInstant()));
        putCertificate(all, "ssl_client_v_end", certificate -> TIME.format(certificate.getNotAfter().toInstant()));
        putCertificate(all, "ssl_client_v_remain", certificate -> Long.toString(Math.max(0,
                Instant.now().until(certificate.getNotAfter().toInstant(), ChronoUnit.DAYS))));
    }

    private static void put(Map<String, Variable> all, String name, Function<TlsInfo, Optional<String>> value) {
        all.put(name, exchange -> exchange.client().tls().flatMap(value));
    }

    private static void putCertificate(Map<String, Variable> all, String name, Function<X509Certificate, String> value) {
        all.put(name, exchange -> clientCertificate(exchange).map(value));
    }

    private static Optional<X509Certificate> clientCertificate(Exchange exchange) {
        return exchange.client().tls().flatMap(tls -> tls.peerChain().stream().findFirst());
    }

    private static Optional<String> joined(List<String> names) {
        return RequestValues.filled(String.join(":", names));
    }

    private static String pem(X509Certificate certificate) {
        return "-----BEGIN CERTIFICATE-----\n" + PEM_LINES.encodeToString(encoded(certificate)) + "\n-----END CERTIFICATE-----";
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);                // it was decoded from these bytes
        }
    }

    /// Everything but letters, digits and `-._~` in percent-encoding.
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 100);
        for (byte each : text.getBytes(StandardCharsets.US_ASCII)) {
            char c = (char) each;
            if (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0) {
                escaped.append(c);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return escaped.toString();
    }

    private static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// In hexadecimal with an even number of digits, as OpenSSL prints it.
    private static String serial(BigInteger number) {
        String digits = number.abs().toString(16).toUpperCase(Locale.ROOT);
        return (number.signum() < 0 ? "-" : "") + (digits.length() % 2 == 0 ? digits : "0" + digits);
    }
}

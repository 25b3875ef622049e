package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Names what a session is good for. A session can be resumed only where the name is the same, so one that began with one
/// certificate, or under one rule for those of clients, is worth nothing with another, whatever keys encrypt its ticket.
final class SessionScope {
    private SessionScope() {
    }

    /// 32 bytes; equal where the same certificate is shown, and clients are asked for theirs in the same way, in any process.
    static byte[] of(ServerSettings settings) {
        byte[] shown = (settings.certificate() + '\n').getBytes(US_ASCII);
        ClientCertificates rule = settings.clientCertificates();
        if (!rule.asked()) {
            return digest(List.of(shown, "none".getBytes(US_ASCII)));
        }
        try {
            List<byte[]> parts = new ArrayList<>();
            parts.add(shown);
            parts.add(new byte[] {(byte) rule.trust().depth()});
            for (X509Certificate trusted : rule.trust().trusted()) {
                parts.add(trusted.getEncoded());
            }
            for (X509CRL crl : rule.trust().crls()) {
                parts.add(crl.getEncoded());
            }
            return digest(parts);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(List<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(digest::update);
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The name of the sessions with a peer, for a client: where it is, and as whom each side presents itself.
    static String of(String remote, TlsTarget target) {
        return remote + ' ' + target.serverName().orElse("-") + ' ' + target.verifiedName().orElse("-")
                + ' ' + target.certificate().map(own -> HexFormat.of().toHexDigits(System.identityHashCode(own))).orElse("-");
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsTarget;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/// Who a peer has to be, and as whom a request is sent to it: what a connection in TLS is made with. Immutable.
///
/// @param name of the peer, as it was configured or came out of variables, without a port
/// @param pool in front of an address, the key of the connections that were made with the same
public record PeerIdentity(PeerTls.Client client, TlsTarget target, String name, String pool) {
    private static final int LONGEST_NAME = 255;           // RFC 1035 §2.3.4

    /// @param sendsName true to send the name in the handshake, unless it is an address
    /// @param own the certificate that is shown to peers
    static PeerIdentity of(PeerTls.Client client, String name, boolean sendsName, Optional<CertifiedKey> own)
            throws IOException {
        boolean verifies = client.policy().trust().isPresent();
        Optional<String> sent = sendsName && isHostName(name) ? Optional.of(name) : Optional.empty();
        Optional<String> verified = verifies ? Optional.of(name) : Optional.empty();
        // The name has its length in front because it may come from a client, who could write the rest of a key.
        String pool = "tls " + client.id() + ' ' + (own.isPresent() ? fingerprint(own.get()) : "-")
                + (sendsName || verifies ? " " + sendsName + name.length() + ' ' + name : "") + ' ';
        return new PeerIdentity(client, new TlsTarget(sent, verified, own), name, pool);
    }

    /// The host of `host`, `host:port`, `[address]:port` and `host.`.
    static String hostOf(String name) {
        int bracket = name.startsWith("[") ? name.indexOf(']') : -1;
        int colon = name.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? name : name.substring(0, colon);
        String bare = bracket > 0 && host.endsWith("]") ? host.substring(1, bracket) : host;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    /// Addresses are not sent as names (RFC 6066 §3).
    private static boolean isHostName(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME && name.chars().allMatch(c -> c > ' ' && c < 0x7f)
                && !PeerAddress.isLiteral(name);
    }

    private static String fingerprint(CertifiedKey key) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.leaf().getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IOException("the certificate for peers has no fingerprint: " + e.getMessage(), e);
        }
    }

    /// Makes the handshake on a new connection.
    ///
    /// @throws Failure with nothing sent; the connection is closed then
    TlsConnection secure(Connection plain, Duration timeout) throws Failure {
        try {
            if (target.verifiedName().filter(String::isEmpty).isPresent()) {
                throw HandshakeException.otherName();
            }
            return client.engine().connect(plain, client.policy(), target, timeout);
        } catch (TimedOut e) {
            plain.close();
            throw failure(Failure.What.TIMED_OUT, e);
        } catch (IOException e) {
            plain.close();
            throw failure(Failure.What.REFUSED, e);
        }
    }

    private Failure failure(Failure.What what, IOException why) {
        HandshakeException cause = HandshakeException.of(why, name);
        return new Failure(Failure.Where.UPSTREAM, what, true, String.valueOf(cause.getMessage()), cause);
    }
}

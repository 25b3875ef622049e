package io.selvage.server.tls;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The first message of a client (RFC 8446 §4.1.2), as far as it matters for the choice of what it is offered. Immutable.
///
/// Nothing in it is proven yet: it came unencrypted, and an engine reads the same bytes again and refuses what is wrong with
/// them.
public final class ClientHello {
    private final int[] versions;
    private final int[] ciphers;
    private final int[] groups;
    private final int[] signatures;
    private final byte[] sessionId;
    private final Optional<String> serverName;
    private final List<String> alpn;

    ClientHello(HelloFields fields) {
        this.versions = fields.versions;
        this.ciphers = fields.ciphers;
        this.groups = fields.groups;
        this.signatures = fields.signatures;
        this.sessionId = fields.sessionId;
        this.serverName = Optional.ofNullable(fields.serverName);
        this.alpn = List.copyOf(fields.alpn);
    }

    /// The name that the client asks for (RFC 6066 §3), in lower case, without a trailing dot; at most 255 characters of ASCII.
    public Optional<String> serverName() {
        return serverName;
    }

    /// The names of the application protocols that it offers, in its order (RFC 7301).
    public List<String> alpn() {
        return alpn;
    }

    /// True if it offers a version.
    public boolean offers(TlsVersion version) {
        return contains(versions, version.code());
    }

    /// True if it offers a cipher suite with this number.
    public boolean offersCipher(int id) {
        return contains(ciphers, id);
    }

    private static boolean contains(int[] numbers, int wanted) {
        for (int number : numbers) {
            if (number == wanted) {
                return true;
            }
        }
        return false;
    }

    /// The numbers of the cipher suites, in its order.
    public int[] ciphers() {
        return ciphers.clone();
    }

    /// The numbers of the groups, in its order.
    public int[] groups() {
        return groups.clone();
    }

    /// True if it can check signatures of a kind. A client that says nothing about that (RFC 5246 §7.4.1.4.1) can check all.
    boolean acceptsSignature(IntPredicate scheme) {
        return signatures.length == 0 || Arrays.stream(signatures).anyMatch(scheme);
    }

    /// The id of the session that it wants to resume, or of none; lower-case hexadecimal digits.
    public String sessionId() {
        return HexFormat.of().formatHex(sessionId);
    }

    @Override
    public String toString() {
        return "ClientHello for " + serverName.orElse("no name");
    }
}

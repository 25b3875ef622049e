package io.selvage.server.acme;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.tls.TlsPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// What ACME servers ask us to show at the moment. Thread-safe; readers are the threads of connections.
///
/// Challenges are also files in the state folder, so that any of several servers behind one address can answer for the one that
/// has ordered. Only requests that have the form of a challenge make a reader look there.
public final class Challenges {
    /// The path of http-01 (RFC 8555 §8.3); a token follows.
    public static final String PATH = "/.well-known/acme-challenge/";
    /// The application protocol of tls-alpn-01 (RFC 8737 §6.2).
    public static final String PROTOCOL = "acme-tls/1";
    private static final String FOLDER = "challenges/";
    private static final String TLS = "tls-";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,253}");

    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Map<String, IssuedCertificate> certificates = new ConcurrentHashMap<>();
    private final List<IssuerState> states = new CopyOnWriteArrayList<>();

    /// A challenge that is shown until it is closed.
    interface Shown extends AutoCloseable {
        @Override
        void close();
    }

    /// Makes the challenges of other processes with the same state known.
    void add(IssuerState state) {
        states.add(state);
    }

    void remove(IssuerState state) {
        states.remove(state);
    }

    /// Shows a text for http-01.
    ///
    /// @param authorization the key authorization (RFC 8555 §8.1)
    Shown show(IssuerState state, String token, String authorization) throws IOException {
        state.write(FOLDER + token, authorization);
        texts.put(token, authorization);
        return () -> {
            texts.remove(token);
            remove(state, FOLDER + token);
        };
    }

    /// Shows a certificate for tls-alpn-01.
    ///
    /// @param authorization the key authorization (RFC 8555 §8.1)
    Shown showCertificate(IssuerState state, String name, String authorization) throws IOException {
        String serverName = AlpnCertificate.serverName(name);
        certificates.put(serverName, AlpnCertificate.of(name, authorization));
        state.write(FOLDER + TLS + serverName, name + "\n" + authorization);
        return () -> {
            certificates.remove(serverName);
            remove(state, FOLDER + TLS + serverName);
        };
    }

    private static void remove(IssuerState state, String file) {
        try {
            state.delete(file);
        } catch (IOException _) {
            // What remains of a challenge is of no use.
        }
    }

    /// The text for a token of http-01; empty if no server has asked for it. A carrier's thread parks while files are read.
    public Optional<String> text(String token) {
        String known = texts.get(token);
        if (known != null || states.isEmpty() || !TOKEN.matcher(token).matches()) {
            return Optional.ofNullable(known);
        }
        return BlockingExecutor.call(() -> stored(FOLDER + token));
    }

    /// The certificate of tls-alpn-01 for a name; empty if no server has asked for it. A carrier's thread parks while files are
    /// read.
    ///
    /// @param serverName as in the client's first message; for an IP address the name of its reverse look-up (RFC 8738 §6)
    public Optional<IssuedCertificate> certificate(String serverName) {
        String name = serverName.toLowerCase(Locale.ROOT);
        IssuedCertificate known = certificates.get(name);
        if (known != null || states.isEmpty() || !NAME.matcher(name).matches()) {
            return Optional.ofNullable(known);
        }
        return BlockingExecutor.call(() -> stored(FOLDER + TLS + name).flatMap(Challenges::made));
    }

    /// What a client gets in a handshake that offers [#PROTOCOL]: the certificate of a challenge, or an alert.
    public TlsPolicy policy() {
        return TlsPolicy.of(hello -> hello.serverName().flatMap(this::certificate).map(IssuedCertificate::keys).orElse(List.of()))
                .withAlpn(PROTOCOL);
    }

    private static Optional<IssuedCertificate> made(String text) {
        int end = text.indexOf('\n');
        try {
            return end < 0 ? Optional.empty()
                    : Optional.of(AlpnCertificate.of(text.substring(0, end), text.substring(end + 1)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private Optional<String> stored(String file) {
        for (IssuerState state : states) {
            try {
                Optional<String> found = state.read(file);
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException _) {
                // Unreadable is as good as not there: the ACME server reports what it got.
            }
        }
        return Optional.empty();
    }
}

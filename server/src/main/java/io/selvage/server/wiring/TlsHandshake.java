package io.selvage.server.wiring;

import io.selvage.server.net.AddressText;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsException;
import java.io.IOException;
import java.time.Duration;

/// The handshake of a client's connection.
///
/// @param tls of the address
/// @param errors takes why handshakes fail, at the level `info`
/// @param serial of the connection, for the log
record TlsHandshake(ListenerRoute.Tls tls, ErrorLog errors, long serial) {

    /// What a connection is after its handshake.
    sealed interface Result {
        /// TLS is spoken.
        record Encrypted(TlsConnection connection) implements Result {
        }

        /// The client speaks plain HTTP. The connection can be read from its first byte.
        record Plain() implements Result {
        }

        /// The connection is not to be served.
        record Failed() implements Result {
        }
    }

    /// @param phase of the connection, which may be closed to make room until the handshake is complete
    /// @param timeout for the whole handshake
    Result accept(Connection connection, ConnectionPhase phase, Duration timeout) {
        phase.readsHead(System.nanoTime());
        try {
            TlsConnection encrypted = tls.engine().accept(connection, tls.chooser(), phase.shortened(timeout));
            if (phase.busy()) {
                return new Result.Encrypted(encrypted);
            }
            encrypted.abort();
        } catch (TlsException e) {
            if (e.kind() == TlsException.Kind.PLAIN_TEXT) {
                return phase.busy() ? new Result.Plain() : new Result.Failed();
            }
            report(connection, e.kind() == TlsException.Kind.CLOSED ? "peer closed connection in SSL handshake"
                    : "SSL_do_handshake() failed (SSL: " + e.getMessage() + ")");
        } catch (TimedOut _) {
            report(connection, "client timed out (110: Connection timed out)");
        } catch (IOException e) {
            report(connection, "SSL_do_handshake() failed (" + e.getMessage() + ")");
        }
        return new Result.Failed();
    }

    /// In the words of nginx, which other programs look for.
    private void report(Connection connection, String what) {
        if (errors.tells(Severity.INFO)) {
            errors.log(Severity.INFO, "*" + serial + " " + what + " while SSL handshaking, client: "
                    + AddressText.host(connection.remote()) + ", server: " + AddressText.withPort(connection.local()));
        }
    }
}

package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.ServeLoop;
import io.selvage.server.http2.ClientPreface;
import io.selvage.server.http2.Http2Connection;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.DrainSignal;
import io.selvage.server.observe.Severity;
import io.selvage.server.tls.TlsConnection;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/// Serves the requests of a client's connection in the version of HTTP that the client speaks.
///
/// @param phase of the connection; it is busy
/// @param draining asks for its end
/// @param serial of the connection since the start
/// @param proxyHeader what a proxy said about the client before its first bytes
record ConnectionProtocol(ConnectionPhase phase, DrainSignal draining, ConnectionRoute route, long serial,
        Optional<ProxyHeader> proxyHeader) {

    /// Without TLS the first bytes tell the version (RFC 9113 §3.3).
    void plain(Connection connection) {
        serve(connection, route.isHttp2());
    }

    /// In TLS the client has chosen it (RFC 7301).
    void encrypted(TlsConnection connection) {
        serve(connection, connection.info().alpn().filter("h2"::equals).isPresent());
    }

    private void serve(Connection connection, boolean mayBeHttp2) {
        try {
            if (mayBeHttp2 && ClientPreface.isNext(connection, phase, route.entry().options().head().timeout())) {
                http2(connection);
            } else {
                http1(connection, route::entry);
            }
        } catch (IOException _) {
            // The client closed the connection, or sent nothing in time.
        }
    }

    private void http2(Connection connection) {
        var http2 = new Http2Connection(connection, phase, serial, proxyHeader, route::entry, Clock.SYSTEM,
                why -> route.errors().log(Severity.INFO, "*" + serial + " " + why
                        + " while processing HTTP/2 connection, client: "
                        + AddressText.host(connection.remote()) + ", server: " + AddressText.withPort(connection.local())));
        draining.whenRequested(http2::drain);
        http2.serve();
    }

    /// @param entry what a request meets first
    void http1(Connection connection, Supplier<EntryPoint> entry) {
        new ServeLoop(connection, phase, serial, proxyHeader, entry, Clock.SYSTEM).serve();
    }
}

package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Router;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.tls.PolicyChooser;
import io.selvage.server.tls.TlsEngine;
import org.jspecify.annotations.Nullable;

/// The configuration of one listening address.
///
/// @param entry the entry point of its requests
/// @param explained explains what is done with them
/// @param proxyProtocol whether its connections begin with a header of the PROXY protocol
/// @param http2 whether its clients may speak HTTP/2
/// @param tls how TLS is spoken on its connections; null for none
/// @param errors the error log of its default site
/// @param listen the options of its socket
record ListenerRoute(EntryPoint entry, Router.Explaining explained, boolean proxyProtocol, boolean http2,
        @Nullable Tls tls, ErrorLog errors, ListenOptions listen) {

    /// TLS on the connections of an address.
    ///
    /// @param chooser chooses the site
    /// @param plain the entry point of the requests of clients that do not speak TLS
    /// @param explainedPlain explains what is done with those
    record Tls(TlsEngine engine, PolicyChooser chooser, EntryPoint plain, Router.Explaining explainedPlain) {
    }
}

package io.selvage.server.wiring;

import io.selvage.server.http.UnconnectedClient;
import io.selvage.server.net.AddressText;
import java.net.SocketAddress;

/// The client of a request that is only explained. It has no connection.
///
/// @param remote where its connection would come from
/// @param local the address that it would have connected to
/// @param secure whether in TLS
record ExplainedClient(SocketAddress remote, SocketAddress local, boolean secure) implements UnconnectedClient {

    @Override
    public String remoteHost() {
        return AddressText.host(remote);
    }
}

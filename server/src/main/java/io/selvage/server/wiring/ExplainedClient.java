package io.selvage.server.wiring;

import io.selvage.server.http.Client;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.net.AddressText;
import java.net.SocketAddress;

/// The client of a request that is only explained. It has no connection.
///
/// @param remote where its connection would come from
/// @param local the address that it would have connected to
/// @param secure whether in TLS
record ExplainedClient(SocketAddress remote, SocketAddress local, boolean secure) implements Client {

    @Override
    public String remoteHost() {
        return AddressText.host(remote);
    }

    @Override
    public long serial() {
        return 0;
    }

    @Override
    public int requests() {
        return 1;
    }

    @Override
    public long sent() {
        return 0;
    }

    /// Does nothing.
    @Override
    public void interim(ResponseHead head) {
    }

    /// Sees nothing.
    @Override
    public DisconnectWatch watch(Runnable gone) {
        return DisconnectWatch.NONE;
    }
}

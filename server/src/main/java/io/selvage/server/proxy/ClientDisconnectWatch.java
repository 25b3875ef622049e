package io.selvage.server.proxy;

import io.selvage.server.http.Client;
import io.selvage.server.http.Failure;
import io.selvage.server.net.Connection;

/// Looks out for the client's end while its request waits for a peer, so that nobody works for someone who is gone.
final class ClientDisconnectWatch implements AutoCloseable {
    private final Connection.Watch watch;

    /// @param gone ends the wait; runs on another thread and does not wait
    ClientDisconnectWatch(Client client, Runnable gone) {
        this.watch = client.watch(gone);
    }

    /// The failure that counts where the wait ended in one: the client's going, if that came first.
    Failure cause(Failure seen) {
        return watch.gone() ? Failure.downstream(Failure.What.CLOSED, "client prematurely closed connection") : seen;
    }

    @Override
    public void close() {
        watch.close();
    }
}

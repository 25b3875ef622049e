package io.selvage.server.proxy;

import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Failure;

/// Watches the client's connection while its request waits for a peer, so that the peer does not work for a client that has gone.
final class ClientDisconnectWatch {

    private ClientDisconnectWatch() {
    }

    /// Something that waits for a peer.
    @FunctionalInterface
    interface Wait<T> {
        T run() throws Failure;
    }

    /// Waits for a peer no longer than the client is there, unless `proxy_ignore_client_abort` is on.
    ///
    /// @param abort ends the wait; runs on another thread and does not wait
    /// @throws Failure of the downstream side where the client went first, else what the wait ended with
    static <T> T during(UpstreamRequest request, Runnable abort, Wait<T> wait) throws Failure {
        if (request.options().ignoreClientAbort()) {
            return wait.run();
        }
        DisconnectWatch watch = request.exchange().client().watch(abort);
        try {
            return wait.run();
        } catch (Failure failure) {
            throw watch.isGone() ? gone() : failure;
        } finally {
            watch.close();
        }
    }

    static Failure gone() {
        return Failure.downstream(Failure.What.CLOSED, "client prematurely closed connection");
    }
}

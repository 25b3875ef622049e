package io.selvage.server.wiring;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Where a connection came in, and who answers there now. Belongs to the connection's thread.
final class Arrival {
    private final Live live;
    private final SocketAddress listening;
    private final SocketAddress local;
    private @Nullable RuntimeConfig graph;                         // the one that `front` is of
    private @Nullable ListenerRoute front;

    /// @param listening the address that was listened on
    /// @param local the address that the client came to
    Arrival(Live live, SocketAddress listening, SocketAddress local) {
        this.live = live;
        this.listening = listening;
        this.local = local;
    }

    ListenerRoute front() {
        RuntimeConfig now = live.graph();
        ListenerRoute known = front;
        if (known == null || now != graph) {
            known = now.front(listening, local);
            graph = now;
            front = known;
        }
        return known;
    }
}

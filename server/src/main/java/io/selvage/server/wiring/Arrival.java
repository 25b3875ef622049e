package io.selvage.server.wiring;

import java.net.SocketAddress;
import java.util.Optional;

/// Where a connection came in, and who answers there now. Belongs to the connection's thread.
final class Arrival {
    private final Live live;
    private final SocketAddress listening;
    private final SocketAddress local;
    private RuntimeConfig graph;                           // the last one that was asked
    private ListenerRoute front;

    private Arrival(Live live, RuntimeConfig graph, ListenerRoute front, SocketAddress listening, SocketAddress local) {
        this.live = live;
        this.graph = graph;
        this.front = front;
        this.listening = listening;
        this.local = local;
    }

    /// @param listening the address that was listened on
    /// @param local the address that the client came to
    /// @return nothing where the configuration does not listen any more
    static Optional<Arrival> of(Live live, SocketAddress listening, SocketAddress local) {
        RuntimeConfig graph = live.graph();
        return graph.front(listening, local).map(front -> new Arrival(live, graph, front, listening, local));
    }

    /// What answers now. A connection to an address that a reload has left keeps what answered there.
    ListenerRoute front() {
        RuntimeConfig now = live.graph();
        if (now != graph) {
            graph = now;
            front = now.front(listening, local).orElse(front);
        }
        return front;
    }
}

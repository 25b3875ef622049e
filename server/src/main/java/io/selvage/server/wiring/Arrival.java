package io.selvage.server.wiring;

import java.net.SocketAddress;

/// Where a connection came in, and who answers there now. Belongs to the connection's thread.
final class Arrival {
    private final Live live;
    private final SocketAddress listening;
    private final SocketAddress local;
    private RuntimeConfig graph;                           // the last one that was asked
    private ListenerRoute front;

    /// @param listening the address that was listened on
    /// @param local the address that the client came to
    Arrival(Live live, SocketAddress listening, SocketAddress local) {
        this.live = live;
        this.listening = listening;
        this.local = local;
        this.graph = live.graph();
        this.front = graph.front(listening,
                local).orElseThrow(() -> new IllegalStateException("nothing listens on " + listening));
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

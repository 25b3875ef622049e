package io.selvage.perf.load;

/// What decides that the next request leaves.
public sealed interface Load {
    /// The clock: `perSecond` requests a second, whatever the server does. Latency counts from the intended departure.
    record Open(double perSecond) implements Load {
        public Open {
            Schedule.constant(perSecond);
        }
    }

    /// The server: each connection sends its next request when the last one is answered. A server that stalls is asked less
    /// often while it does, so what this measures is throughput, not what a user would have felt.
    record Closed() implements Load {
    }

    /// Each connection makes one exchange and then stays idle.
    record Once() implements Load {
    }
}

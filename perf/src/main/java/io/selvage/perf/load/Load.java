package io.selvage.perf.load;

/// Decides when the next request leaves.
public sealed interface Load {
    /// By the clock: `perSecond` requests a second, whatever the server does. Latency counts from the intended departure.
    record Open(double perSecond) implements Load {
        public Open {
            Schedule.constant(perSecond);
        }
    }

    /// By the server: each connection sends its next request when the previous one is answered. A server that stalls receives
    /// fewer requests during the stall, so this measures throughput, not the latency that users would see.
    record Closed() implements Load {
    }

    /// Each connection carries one exchange and then stays idle.
    record Once() implements Load {
    }
}

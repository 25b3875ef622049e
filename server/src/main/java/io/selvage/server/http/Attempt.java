package io.selvage.server.http;

/// One attempt at a peer, as the log and the variables show it (`$upstream_*`). Times are in nanoseconds from the start of the
/// attempt, -1 for a phase that was not reached.
///
/// @param peer which one was asked
/// @param status of its answer, or of the failure that stands for one
/// @param queuedNanos from the first byte of the exchange until this attempt began
/// @param waitedNanos how much of that it waited in the queue of the upstream; -1 if it did not have to
/// @param connectNanos until connected; 0 on a kept-alive connection
/// @param headerNanos until the answer's head was complete
/// @param totalNanos until its last byte, or until it was given up
/// @param traffic bytes that crossed the connection
public record Attempt(Peer peer, Status status, long queuedNanos, long waitedNanos, long connectNanos, long headerNanos,
        long totalNanos, Traffic traffic) {

    /// True if the head of an answer arrived.
    public boolean isAnswered() {
        return headerNanos >= 0;
    }

    /// True if the connection became a tunnel (RFC 9110 §15.2.2), whose duration is not a latency.
    public boolean isTunnel() {
        return status.code() == Status.SWITCHING_PROTOCOLS.code();
    }

    /// One server of an upstream.
    ///
    /// @param upstream its name, or the address that requests are passed to without one
    /// @param address as configured, or the name of the upstream when no peer could be chosen
    public record Peer(String upstream, String address) {
        /// A peer outside any named upstream, or none.
        public static Peer alone(String address) {
            return new Peer(address, address);
        }
    }

    /// @param sent bytes sent to the peer
    /// @param received bytes received from it, head included
    /// @param body bytes of body received
    public record Traffic(long sent, long received, long body) {
        public static final Traffic NONE = new Traffic(0, 0, 0);
    }
}

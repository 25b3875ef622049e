package io.selvage.server.http;

/// The client connections of the process at one moment. Connections change while they are counted, so the numbers need not fit
/// together exactly.
///
/// @param accepted since the start
/// @param requests since the start
/// @param active now
/// @param reading those of them with an incomplete request head
/// @param waiting those of them that wait for a request
public record ConnectionCounts(long accepted, long requests, int active, int reading, int waiting) {
    /// No connection at all.
    public static final ConnectionCounts NONE = new ConnectionCounts(0, 0, 0, 0, 0);

    /// Those whose request is processed or answered.
    public int writing() {
        return Math.max(0, active - reading - waiting);
    }
}

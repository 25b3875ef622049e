package io.selvage.server.net;

/// A client's connection while it is served.
public interface ConnectionHandler {

    /// Serves it until it ends; runs on the connection's own thread. Throws nothing.
    void serve();

    /// Asks it to end when it has answered what it is at; at once when it is idle, or has not begun. Asking again does nothing.
    /// Any thread; does not wait.
    void drain();

    /// Ends it now. Any thread.
    void abort();
}

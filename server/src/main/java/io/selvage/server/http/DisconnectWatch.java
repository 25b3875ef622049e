package io.selvage.server.http;

/// A watch for the end of a client's connection; closing it ends the watch.
public interface DisconnectWatch extends AutoCloseable {
    /// Sees nothing.
    DisconnectWatch NONE = new DisconnectWatch() {
        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public void close() {
        }
    };

    /// Whether the end was seen. Known until the next watch of the same client begins.
    boolean isGone();

    @Override
    void close();
}

package io.selvage.server.http;

/// Something that has to be complete before the client receives the next bytes, for example a line of the error log.
@FunctionalInterface
public interface Barrier {

    /// Waits on the thread of the exchange, for a bounded time.
    void await();
}

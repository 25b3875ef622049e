package io.selvage.server.trace;

import java.util.List;

/// The other side of an export. Used by one thread.
interface SpanReceiver extends AutoCloseable {

    /// Sends spans and waits for the answer, for a bounded time.
    SendResult send(List<FinishedSpan> spans);

    /// Gives up the connection.
    @Override
    void close();

    /// Opens receivers. Does not connect.
    @FunctionalInterface
    interface Factory {
        SpanReceiver open(ExportOptions options);
    }
}

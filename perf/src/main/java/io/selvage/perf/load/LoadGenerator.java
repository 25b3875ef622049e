package io.selvage.perf.load;

import java.io.IOException;
import java.util.function.Consumer;

/// Sends requests to one destination and measures the answers. One thread at a time calls [#run]; [#stop] may be called from any.
public interface LoadGenerator extends AutoCloseable {

    /// Runs one phase to its end, and passes each interval to the consumer, on the calling thread.
    Measurement run(Phase phase, Consumer<Interval> each) throws IOException, InterruptedException;

    /// Ends the running phase and all later ones at once. The results so far are kept.
    void stop();

    @Override
    void close() throws IOException;
}

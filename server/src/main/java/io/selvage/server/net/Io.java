package io.selvage.server.net;

import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/// What runs the connections' threads and wakes them (`io`). Chosen once, at the start.
public interface Io {

    /// Serves a channel that was just accepted, on a virtual thread of its own. From this call on, the channel is owned here: it
    /// is closed when the handler has returned or thrown, or when this call fails. Any thread; returns at once.
    ///
    /// @param whenClosed runs after the close, unless this call fails; must not wait
    /// @throws IOException when the channel cannot be used
    void serve(SocketChannel channel, ConnectionHandler handler, Runnable whenClosed) throws IOException;

    /// Starts a virtual thread that belongs to no connection and may open some: a probe, a refresh in the background. Any thread.
    void fork(Runnable task);

    /// Opens connections to peers for the calling thread.
    Connector connector();

    /// How many separate places connections live in; one by default. A connection may be used only in the place where it was
    /// opened.
    default int places() {
        return 1;
    }

    /// The place of the calling thread, from 0.
    default int place() {
        return 0;
    }

    /// True if the threads of a place run one at a time, so that what belongs to a place needs no lock. False by default.
    default boolean isConfined() {
        return false;
    }

    /// Runs a short task that may use what belongs to a place: there, or, where nothing is confined, on the calling thread. Any
    /// thread. The task must not wait.
    default void at(int place, Runnable task) {
        task.run();
    }

    /// The name that `io` and the metrics give it.
    String name();

    /// The state of its event loops; by default it has none.
    default CarrierSnapshot snapshot() {
        return new CarrierSnapshot(name(), List.of());
    }

    /// Blocking channels and the JDK's scheduler.
    static Io jdk() {
        return new BlockingIo();
    }

    /// Event loops of our own.
    static Io carriers(Carriers carriers) {
        return new CarrierIo(carriers);
    }
}

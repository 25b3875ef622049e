package io.selvage.server.net;

import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import java.io.IOException;
import java.nio.channels.SocketChannel;

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

    /// How many separate places connections live in. A connection may be used only in the place where it was opened.
    int places();

    /// The place of the calling thread, from 0.
    int place();

    /// True if the threads of a place run one at a time, so that what belongs to a place needs no lock.
    boolean isConfined();

    /// Runs a short task that may use what belongs to a place: there, or, where nothing is confined, on the calling thread. Any
    /// thread. The task must not wait.
    void at(int place, Runnable task);

    /// The name that `io` and the metrics give it.
    String name();

    /// The state of its event loops.
    CarrierSnapshot snapshot();

    /// Blocking channels and the JDK's scheduler.
    static Io jdk() {
        return new BlockingIo();
    }

    /// Event loops of our own.
    static Io carriers(Carriers carriers) {
        return new CarrierIo(carriers);
    }
}

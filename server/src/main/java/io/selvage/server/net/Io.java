package io.selvage.server.net;

import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// What runs the connections' threads and wakes them (`io`). Chosen once, at the start.
public interface Io {

    /// A connection on a channel that was just accepted.
    Connection accepted(SocketChannel channel) throws IOException;

    /// Runs a client's connection on the thread that it belongs to, and returns when it has ended. Called on a thread of the
    /// listener.
    void run(Connection connection, Runnable serving);

    /// As [#run], but returns at once. Any thread.
    void start(Connection connection, Runnable serving);

    /// Opens connections to peers, for the thread that asks.
    Connector connector();

    /// How many separate places connections live in. A connection may be used only in the place where it was opened.
    int places();

    /// The place of the calling thread, from 0.
    int place();

    /// The name that `io` and the metrics give it.
    String name();

    /// A picture of what it is doing.
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

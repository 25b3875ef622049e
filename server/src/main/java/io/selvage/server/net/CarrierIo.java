package io.selvage.server.net;

import io.selvage.server.engine.Carrier;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.Stream;

/// Non-blocking channels on virtual threads that our carriers schedule.
///
/// @param spares one for each carrier
record CarrierIo(Carriers carriers, List<CarrierBufferPool> spares) implements Io {

    CarrierIo(Carriers carriers) {
        this(carriers, Stream.generate(CarrierBufferPool::new).limit(carriers.count()).toList());
    }

    @Override
    public void serve(SocketChannel channel, ConnectionHandler handler, Runnable whenClosed) throws IOException {
        ChannelConnection.closingOnFailure(channel, () -> {
            Carrier carrier = carriers.leastBusy();
            CarrierConnection connection = CarrierConnection.accepted(carrier, spares.get(carrier.place()), channel);
            carrier.thread(connection, connection.serving(handler, whenClosed)).start();
        });
    }

    @Override
    public void fork(Runnable task) {
        carriers.leastBusyInTurn().thread("background", task).start();
    }

    /// For threads on carriers only: the connection lives where its user does.
    @Override
    public Connector connector() {
        return (to, socket, patience) -> {
            Carrier carrier = Carrier.current().orElseThrow(() -> new IllegalStateException("not on a carrier"));
            SocketChannel channel = ChannelConnection.openFor(to, socket);
            CarrierConnection connection = CarrierConnection.toPeer(carrier, spares.get(carrier.place()), channel, to);
            try {
                connection.connect(to, patience);
                return connection;
            } catch (IOException e) {
                connection.close();
                throw e;
            }
        };
    }

    @Override
    public int places() {
        return carriers.count();
    }

    @Override
    public int place() {
        return carriers.place();
    }

    @Override
    public boolean isConfined() {
        return true;
    }

    @Override
    public void at(int place, Runnable task) {
        carriers.get(place).execute(task);
    }

    @Override
    public CarrierSnapshot snapshot() {
        return carriers.snapshot();
    }

    @Override
    public String name() {
        return "carrier";
    }
}

package io.selvage.server.net;

import io.selvage.server.engine.Carrier;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// Non-blocking channels on virtual threads that our carriers schedule.
///
/// @param spares one for each carrier
record CarrierIo(Carriers carriers, List<CarrierBufferPool> spares) implements Io {

    CarrierIo(Carriers carriers) {
        this(carriers, Stream.generate(CarrierBufferPool::new).limit(carriers.count()).toList());
    }

    @Override
    public Connection accepted(SocketChannel channel) throws IOException {
        Carrier carrier = carriers.leastBusy();
        return CarrierConnection.accepted(carrier, spares.get(carrier.place()), channel);
    }

    /// The listener's own thread waits until the one on the carrier has ended.
    @Override
    public void run(Connection connection, Runnable serving) {
        Carrier carrier = ((CarrierConnection) connection).carrier();
        CountDownLatch ended = new CountDownLatch(1);
        carrier.thread("", () -> {
            try {
                serving.run();
            } finally {
                ended.countDown();
            }
        }).start();
        boolean waiting = true;
        while (waiting) {
            try {
                ended.await();
                waiting = false;
            } catch (InterruptedException _) {
                // The listener interrupts whom it thinks idle; the connection has been told to drain, and ends by itself.
            }
        }
    }

    @Override
    public void start(Connection connection, Runnable serving) {
        ((CarrierConnection) connection).carrier().thread("", serving).start();
    }

    /// For threads on carriers only: the connection lives where its user does.
    @Override
    public Connector connector() {
        return (to, patience) -> {
            Carrier carrier = Carrier.current().orElseThrow(() -> new IllegalStateException("not on a carrier"));
            SocketChannel channel = ChannelConnection.openFor(to);
            if (to instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
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
    public CarrierSnapshot snapshot() {
        return carriers.snapshot();
    }

    @Override
    public String name() {
        return "carrier";
    }
}

package io.selvage.server.whole;

import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.Modules;
import io.selvage.server.net.Io;
import io.selvage.server.wiring.IoWiring;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// With one event loop, clients are served in the order in which they connect and ask, as by one worker process of nginx.
@Timeout(60)
class OneWorkerTest {
    private static final int CLIENTS = 200;

    @Test
    void clientsAreServedInTheOrderOfTheirRequests() throws Exception {
        MainSettings settings = MainSettings.of(Modules.LANGUAGE.parse("worker_processes 1; events { }"));
        Io io = IoWiring.start(IoMode.CARRIER, settings, _ -> { });
        assertEquals(1, io.snapshot().carriers().size());
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; return 204; }")) {
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                CountDownLatch goOn = keepBusy(io);
                for (int i = 0; i < CLIENTS; i++) {
                    if (round == 0) {
                        clients.add(server.connect());
                    }
                    clients.get(i).send("GET /%d HTTP/1.1\r\nHost: a\r\n\r\n".formatted(i));
                    expected.add("GET /" + i + " HTTP/1.1|204");
                }
                goOn.countDown();
                for (RawClient client : clients) {
                    client.readHead();
                }
            }
            assertEquals(expected, server.accessLog());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /// Stops the event loop until the latch is open, so that it finds all requests at once.
    private static CountDownLatch keepBusy(Io io) throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        io.at(0, () -> {
            busy.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        busy.await();
        return goOn;
    }
}

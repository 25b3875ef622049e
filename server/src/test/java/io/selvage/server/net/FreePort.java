package io.selvage.server.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// A port for a server that cannot be asked for its own one. It is below those that the kernel gives to connections, and to
/// sockets that may have any port, so that another test cannot get it in the meantime.
public final class FreePort {
    private static final int FIRST = 10_000;
    private static final int EPHEMERAL = 32_768;           // the first one (net.ipv4.ip_local_port_range)
    private static final int SHARES = 8;
    private static final int SHARE = (EPHEMERAL - FIRST) / SHARES;
    /// Each process of the tests has ports of its own.
    private static final int FIRST_OF_SHARE = FIRST + Integer.getInteger("selvage.process", 0) % SHARES * SHARE;
    private static final AtomicInteger NEXT_OF_SHARE = new AtomicInteger(ThreadLocalRandom.current().nextInt(SHARE));

    private FreePort() {
    }

    public static int find() throws IOException {
        while (true) {
            int port = FIRST_OF_SHARE + NEXT_OF_SHARE.getAndIncrement() % SHARE;
            try (ServerSocket ofAllAddresses = new ServerSocket(port)) {
                return ofAllAddresses.getLocalPort();
            } catch (BindException _) {
                // It is taken: another one.
            }
        }
    }
}

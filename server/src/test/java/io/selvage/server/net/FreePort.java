package io.selvage.server.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A port for a server that cannot be asked for its own one. It is below those that the kernel gives to connections, and to
/// sockets that may have any port, so that another test cannot get it in the meantime.
public final class FreePort {
    private static final int FIRST = 10_000;
    private static final int EPHEMERAL = 32_768;           // the first one (net.ipv4.ip_local_port_range)

    private FreePort() {
    }

    public static int find() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, EPHEMERAL);
            try (ServerSocket ofAllAddresses = new ServerSocket(port)) {
                return ofAllAddresses.getLocalPort();
            } catch (BindException _) {
                // It is taken: another one.
            }
        }
    }
}

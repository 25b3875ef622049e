package io.selvage.server.effects;

import io.selvage.server.net.FreePort;
import io.selvage.server.whole.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.selvage.server.effects.Serving.body;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// A `listen` with a host name, in a process whose names are those of a file.
@Timeout(60)
class ListenNameTest {
    @Test
    @Effect("listen")
    void everyAddressOfANameIsListenedOn(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 two.test\n127.0.0.2 two.test\n");
        int port = FreePort.find();
        try (ServerProcess server = ServerProcess.start(folder, """
                error_log stderr notice;
                events { }
                http { access_log off; server { listen two.test:%d; return 200 $server_addr; } }
                """.formatted(port), "-Djdk.net.hosts.file=" + hosts)) {
            server.awaitLine("started, io");
            for (String ip : new String[] {"127.0.0.1", "127.0.0.2"}) {
                assertEquals(ip, ask(new InetSocketAddress(ip, port)));
            }
        }
    }

    private static String ask(InetSocketAddress address) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return body(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer());
        }
    }
}

package io.selvage.server.wiring;

import io.selvage.server.module.Modules;
import io.selvage.server.net.Ios;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.whole.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class StartTest {

    /// The action stands for the change of the user: a request that came before it must not be answered with the rights of root.
    @Test
    @Timeout(20)
    void noRequestIsAnsweredBeforeTheUserIsChanged(@TempDir Path folder) throws Exception {
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0)) {
            address = new InetSocketAddress("127.0.0.1", free.getLocalPort());
        }
        var config = Modules.LANGUAGE.parse("access_log off; server { listen 127.0.0.1:%d; return 204; }"
                .formatted(address.getPort()));
        RawClient[] waiting = new RawClient[1];
        LogFiles logs = new LogFiles(Optional.of(folder.resolve("error.log")));
        assertThrows(IOException.class, () -> Server.start(config, Ios.usual(), logs, () -> {
            waiting[0] = new RawClient(address);
            waiting[0].send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            throw new IOException("the user cannot be changed");
        }));
        assertEquals("", readToTheEnd(waiting[0]));
    }

    private static String readToTheEnd(RawClient client) {
        try (client) {
            return client.readToEnd();
        } catch (IOException reset) {
            return "";
        }
    }
}

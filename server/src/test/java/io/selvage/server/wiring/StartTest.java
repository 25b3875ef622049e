package io.selvage.server.wiring;

import io.selvage.server.module.Modules;
import io.selvage.server.net.FreePort;
import io.selvage.server.net.Io;
import io.selvage.server.observe.LogFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class StartTest {
    /// Long enough for an answer, if there were one.
    private static final int PATIENCE_MILLIS = 200;

    /// The action runs before the change of the user: a request that comes then must not be answered with the rights of root.
    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Timeout(60)
    void requestWaitsForTheChangeOfTheUser(Io io, @TempDir Path folder) throws Exception {
        int port = FreePort.find();
        var config = Modules.LANGUAGE.parse("access_log off; server { listen 127.0.0.1:%d; return 204; }".formatted(port));
        LogFiles logs = new LogFiles(Optional.of(folder.resolve("error.log")));
        try (Socket client = new Socket()) {
            Server server = Server.start(config, io, logs, () -> askInVain(client, port));
            client.setSoTimeout(0);
            assertEquals("HTTP/1.1 204", new String(client.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1));
            server.stop(Duration.ofSeconds(50));
        }
    }

    private static void askInVain(Socket client, int port) throws IOException {
        client.connect(new InetSocketAddress("127.0.0.1", port));
        client.setSoTimeout(PATIENCE_MILLIS);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(SocketTimeoutException.class, client.getInputStream()::read);
    }
}

package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Bodies much longer than the memory of the server.
class LongBodiesIT {
    private static final int BODY = 200 * 1024 * 1024;
    private static final int BLOCK = 1024 * 1024;
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m");
    private static final long PEAK_KIB = 400 * 1024;

    @TempDir
    private Path folder;
    @TempDir
    private Path prefix;

    @Test
    void uploadArrivesCompletelyInBoundedMemory() throws Exception {
        int port = SelvageProcess.freePort();
        try (var app = Application.gunicorn(folder, "one", "127.0.0.1:0", "sync");
                var selvage = start(port, app);
                var http = new RawHttp(port)) {
            var digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[BLOCK];
            http.send("POST /upload HTTP/1.1\r\nHost: example.org\r\nContent-Length: " + BODY + "\r\n\r\n");
            for (int sent = 0; sent < BODY; sent += BLOCK) {
                block[0] = (byte) (sent / BLOCK);
                digest.update(block);
                http.send(block);
            }
            Echo echo = Echo.of(http.answer());
            assertEquals(Integer.toString(BODY), echo.get("length"));
            assertEquals(HexFormat.of().formatHex(digest.digest()), echo.get("sha256"));
            assertPeakIsBounded(selvage);
        }
    }

    @Test
    void downloadPassesInBoundedMemory() throws Exception {
        int port = SelvageProcess.freePort();
        try (var app = Application.gunicorn(folder, "one", "127.0.0.1:0", "sync");
                var selvage = start(port, app);
                var http = new RawHttp(port)) {
            RawHttp.Head head = http.send("GET /download/" + BODY + " HTTP/1.1\r\nHost: example.org\r\n\r\n").head();
            assertEquals(200, head.status());
            assertEquals(Integer.toString(BODY), head.value("content-length"));
            http.skip(BODY);
            http.send("GET /next HTTP/1.1\r\nHost: example.org\r\n\r\n");
            assertEquals("/next", Echo.of(http.answer()).get("path"));
            assertPeakIsBounded(selvage);
        }
    }

    private SelvageProcess start(int port, Application application) throws IOException, InterruptedException {
        Files.writeString(prefix.resolve("selvage.conf"), """
                server {
                    listen 127.0.0.1:%d;
                    client_max_body_size 300m;
                    location / {
                        proxy_pass http://%s;
                    }
                }
                """.formatted(port, application.address()));
        return SelvageProcess.start(prefix, Path.of("selvage.conf"), LITTLE_MEMORY);
    }

    private static void assertPeakIsBounded(SelvageProcess selvage) throws IOException {
        Path status = Path.of("/proc", Long.toString(selvage.server().process().pid()), "status");
        long peak = Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        assertTrue(peak < PEAK_KIB, () -> "the resident memory reached " + peak + " KiB");
    }
}

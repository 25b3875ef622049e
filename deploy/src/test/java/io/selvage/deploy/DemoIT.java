package io.selvage.deploy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DemoIT {
    @TempDir
    private Path folder;

    /// The only test with the port that the dashboard has when none is given: others run beside it.
    @Test
    void servesItsPagesAndBothApplications() throws Exception {
        int port = SelvageProcess.freePort();
        try (var demo = demo(port)) {
            Path configuration = Path.of(demo.awaitLines(1, "configuration in (\\S+demo\\.conf)").group(1));
            demo.awaitLines(3, "  curl .*http://127\\.0\\.0\\.1:" + port + "/");
            int admin = Integer.parseInt(demo.awaitLines(1, "The dashboard is on http://127\\.0\\.0\\.1:(\\d+)/").group(1));
            assertTrue(page(admin, "/").contains("<title>Selvage"));
            assertTrue(page(admin, "/api/upstreams").contains("\"name\":\"application\""));

            assertTrue(RawHttp.get(port, "/").body().contains("<title>Selvage</title>"));
            assertEquals(List.of("text/css"), RawHttp.get(port, "/style.css").head().values("content-type"));
            assertEquals(List.of("image/svg+xml"), RawHttp.get(port, "/cloth.svg").head().values("content-type"));
            var names = new TreeSet<>(List.of(RawHttp.get(port, "/api/hello").body(), RawHttp.get(port, "/api/hello").body()));
            assertEquals(List.of("warp\n", "weft\n"), List.copyOf(names));
            String headers = RawHttp.get(port, "/api/headers", "X-Forwarded-For: 192.0.2.7\r\n").body();
            assertTrue(headers.contains("X-Forwarded-For: 192.0.2.7, 127.0.0.1\n"), headers);
            assertTrue(headers.contains("X-Real-IP: 127.0.0.1\n"), headers);

            demo.signal("INT");
            assertEquals(0, demo.awaitExit());
            assertFalse(Files.exists(configuration));
        }
    }

    @Test
    void servesItsPagesWithTls() throws Exception {
        int port = SelvageProcess.freePort();
        try (var demo = SelvageProcess.run(folder, List.of(), "demo", "--https", "--admin", "off", "--port",
                Integer.toString(port))) {
            String certificate = demo.awaitLines(3, "  curl --cacert (\\S+) .*https://127\\.0\\.0\\.1:" + port + "/").group(1);
            try (var http = RawHttp.secure(port, "localhost")) {
                http.send("GET /api/headers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                assertTrue(http.answer().body().contains("Host: localhost\n"));
            }
            assertTrue(Files.readString(Path.of(certificate)).startsWith("-----BEGIN CERTIFICATE-----"));
            assertEquals("2 200", curl("--http2", "--cacert", certificate, "https://127.0.0.1:" + port + "/api/hello"));
            demo.signal("INT");
            assertEquals(0, demo.awaitExit());
        }
    }

    @Test
    void portInUseIsReportedInOneLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var demo = demo(taken.getLocalPort(), "--admin", "off")) {
            assertEquals(1, demo.awaitExit());
            assertEquals(1, demo.lines().size(), () -> String.join("\n", demo.lines()));
            assertTrue(demo.lines().getFirst().contains("127.0.0.1:" + taken.getLocalPort()), demo.lines().getFirst());
        }
    }

    /// The version of HTTP and the status of an answer.
    private String curl(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String page(int port, String target) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target)).build(),
                    BodyHandlers.ofString()).body();
        }
    }

    private Running demo(int port, String... more) throws Exception {
        var command = new ArrayList<>(List.of("demo", "--port", Integer.toString(port)));
        command.addAll(List.of(more));
        return SelvageProcess.run(folder, List.of(), command.toArray(String[]::new));
    }
}

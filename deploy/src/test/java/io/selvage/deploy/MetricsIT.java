package io.selvage.deploy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The metrics of the packed server, as Prometheus and its checker see them.
class MetricsIT {
    private static final String PROMETHEUS = "/usr/bin/prometheus";
    private static final String PROMTOOL = "/usr/bin/promtool";
    private static final Pattern COUNT =
            Pattern.compile("(?m)^selvage_request_duration_seconds_count\\{location=\"/\",site=\"_\"} (\\d+)$");
    private static final String SITE = """
            upstream app { server 127.0.0.1:%2$d; }
            server {
                listen 127.0.0.1:%1$d;
                access_log off;
                location / { return 200 "hi\\n"; }
                location /app { proxy_pass http://app; }
                location = /metrics { prometheus; }
            }
            """;

    @TempDir
    private Path prefix;

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void promtoolFindsNoFaultInAPageAfterTraffic(String io) throws Exception {
        Application.require(PROMTOOL, "pass");
        int port = SelvageProcess.freePort();
        try (var _ = SelvageProcess.startOn(io, prefix, SITE.formatted(port, SelvageProcess.freePort()));
                var client = new RawHttp(port)) {
            for (int i = 0; i < 100; i++) {
                assertEquals("hi\n", client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
            }
            assertEquals(502, client.send("GET /app HTTP/1.1\r\nHost: a\r\n\r\n").answer().status());
            String page = metrics(client);                   // on the same connection: all before it are counted
            assertEquals(100, counted(page));
            assertTrue(page.contains("\nselvage_requests_total{code=\"5xx\",location=\"/app\",site=\"_\"} 1.0\n"), page);
            assertTrue(page.contains("\njvm_gc_collection_seconds_count{"), page);
            assertEquals("", problems(page));
        }
    }

    /// Prometheus asks for messages of Protocol Buffers if it takes native histograms.
    @Test
    void prometheusStoresNativeHistograms() throws Exception {
        Application.require(PROMETHEUS, "pass");
        int port = SelvageProcess.freePort();
        int own = SelvageProcess.freePort();
        Files.writeString(prefix.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs: [{job_name: selvage, static_configs: [{targets: ["127.0.0.1:%d"]}]}]
                """.formatted(port));
        String site = SITE.formatted(port, SelvageProcess.freePort()).replace("access_log off", "access_log /dev/stdout");
        try (var selvage = SelvageProcess.start(prefix, site); var client = new RawHttp(port)) {
            for (int i = 0; i < 10; i++) {
                assertEquals("hi\n", client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().body());
            }
            try (var _ = new Running(prefix, Map.of(), "TERM", List.of(PROMETHEUS, "--config.file=prometheus.yml",
                    "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:" + own, "--enable-feature=native-histograms"))) {
                // A scrape begins when the one before it is stored, or has failed because it took too long.
                int scrapes = 2;
                String stored;
                do {
                    selvage.server().awaitLines(scrapes++, "GET /metrics HTTP/1.1\" 200");
                    stored = query(own, "jvm_runtime_info");
                } while (!stored.contains(",\"1\"]"));
                assertTrue(query(own, "histogram_count(selvage_request_duration_seconds{location=\"/\"})").contains(",\"10\"]"));
                assertTrue(query(own, "selvage_requests_total{location=\"/\"}").contains(",\"10\"]"));
            }
        }
    }

    private static String query(int port, String expression) throws IOException {
        try (var prometheus = new RawHttp(port)) {
            return prometheus.send("GET /api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)
                    + " HTTP/1.1\r\nHost: a\r\n\r\n").answer().body();
        }
    }

    private static String metrics(RawHttp client) throws IOException {
        return client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").answer().body();
    }

    private static int counted(String page) {
        Matcher count = COUNT.matcher(page);
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    /// What `promtool check metrics` says of a page.
    private String problems(String page) throws IOException, InterruptedException {
        Path file = Files.writeString(prefix.resolve("metrics.txt"), page);
        Process promtool = new ProcessBuilder(PROMTOOL, "check", "metrics").redirectInput(file.toFile())
                .redirectErrorStream(true).start();
        String output = new String(promtool.getInputStream().readAllBytes());
        assertEquals(0, promtool.waitFor(), output);
        return output;
    }
}

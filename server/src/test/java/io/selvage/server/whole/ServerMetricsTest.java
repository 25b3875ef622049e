package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.observe.SlowRequest;
import io.selvage.server.observe.Traffic;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The values of the metrics after real exchanges.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ServerMetricsTest {
    private static final String TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+(?:\\{.*})?) (\\S+)$");

    @Parameter
    private Io io;

    /// The samples of a page, by name and labels. The page is asked for until it contains a sample: an exchange is counted after
    /// its response was sent.
    private static Map<String, Double> samples(TestServer server, String name, double value) throws IOException {
        Map<String, Double> samples = new TreeMap<>();
        for (int i = 0; i < 1000 && samples.getOrDefault(name, -1.0) != value; i++) {
            Matcher sample = SAMPLE.matcher(server.get("/metrics"));
            while (sample.find()) {
                samples.put(sample.group(1), sample.group(2).equals("+Inf") ? Double.POSITIVE_INFINITY
                        : Double.parseDouble(sample.group(2)));
            }
        }
        assertEquals(value, samples.get(name), () -> name + " in " + samples);
        return samples;
    }

    private static Map<String, Double> of(Map<String, Double> samples, String prefix) {
        return samples.entrySet().stream().filter(each -> each.getKey().startsWith(prefix))
                .collect(Collectors.toMap(each -> each.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    private TestServer server(String text, String... files) throws IOException {
        return TestServer.nginx(io, "server { listen 127.0.0.1:0; server_name shop; location = /metrics { prometheus; } " + text
                + "}", files);
    }

    @Test
    void requestsAndBytesAreCountedForEachLocation() throws IOException {
        try (TestServer server = server("location / { return 200 hello; } location = /no { return 403; }")) {
            server.ask("GET / HTTP/1.0\r\n\r\n");
            int sent = server.ask("GET / HTTP/1.0\r\n\r\n").length();
            server.get("/no");
            server.ask("rubbish\r\n\r\n");
            Map<String, Double> samples = samples(server, "selvage_requests_total{code=\"4xx\",location=\"\",site=\"shop\"}", 1);
            samples = samples(server, "selvage_requests_total{code=\"2xx\",location=\"/\",site=\"shop\"}", 2);
            assertEquals(1.0, samples.get("selvage_requests_total{code=\"4xx\",location=\"= /no\",site=\"shop\"}"));
            assertEquals(2.0 * "GET / HTTP/1.0\r\n\r\n".length(),
                    samples.get("selvage_received_bytes_total{location=\"/\",site=\"shop\"}"));
            assertEquals(2.0 * sent, samples.get("selvage_sent_bytes_total{location=\"/\",site=\"shop\"}"));
            assertEquals(0.0, samples.get("selvage_uncounted_requests_total"));
        }
    }

    @Test
    void durationsAreShownByPhaseForLocationAndPeer() throws IOException {
        String dead = Origin.refusing();
        try (Origin origin = Origin.answering(TEN);
             TestServer server = TestServer.nginx(io, """
                     upstream app { server %s max_fails=2; server %s backup; }
                     server { listen 127.0.0.1:0; server_name shop; location = /metrics { prometheus; }
                              location / { proxy_pass http://app; } }
                     """.formatted(dead, origin.address()))) {
            server.get("/");
            Map<String, Double> samples =
                    samples(server, "selvage_request_duration_seconds_count{location=\"/\",site=\"shop\"}", 1);
            for (String phase : List.of("queue", "connect", "first_byte", "body")) {
                String of = "phase=\"" + phase + "\"";
                assertEquals(1.0, samples.get("selvage_upstream_phase_duration_seconds_count{location=\"/\"," + of
                        + ",site=\"shop\"}"), phase);
                assertEquals(1.0, samples.get("selvage_peer_phase_duration_seconds_bucket{peer=\"" + origin.address() + "\"," + of
                        + ",upstream=\"app\",le=\"+Inf\"}"), phase);
            }
            assertEquals(1.0, samples.get("selvage_peer_response_duration_seconds_count{peer=\"" + origin.address()
                    + "\",upstream=\"app\"}"));
            assertEquals(1.0, samples.get("selvage_peer_failed_attempt_duration_seconds_count{peer=\"" + dead
                    + "\",upstream=\"app\"}"));
            String first = "{peer=\"" + dead + "\",upstream=\"app\"}";
            String second = "{peer=\"" + origin.address() + "\",upstream=\"app\"}";
            assertEquals(Map.of(first, 1.0, second, 1.0), of(samples, "selvage_peer_attempts_total"));
            assertEquals(Map.of(first, 1.0, second, 0.0), of(samples, "selvage_peer_failures_total"));
            assertEquals(Map.of(first, 1.0, second, 0.0), of(samples, "selvage_peer_fails"));
            assertEquals(Map.of(first, 1.0, second, 1.0), of(samples, "selvage_peer_available"));
            assertEquals(Map.of(first, 0.0, second, 0.0), of(samples, "selvage_peer_ejections_total"));
            assertEquals(Map.of(first, 0.0, second, 0.0), of(samples, "selvage_peer_active_requests"));
            assertEquals(1.0, samples.get("selvage_peer_state{peer=\"" + dead + "\",state=\"up\",upstream=\"app\"}"));
            assertEquals(0.0, samples.get("selvage_peer_state{peer=\"" + dead + "\",state=\"ejected\",upstream=\"app\"}"));
        }
    }

    @Test
    void waitsInTheQueueAreShown() throws Exception {
        Signal asked = new Signal();
        Signal answer = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            answer.await();
            wire.send(TEN);
        }); TestServer server = TestServer.nginx(io, """
                     upstream app { server %s max_conns=1; queue 1 timeout=20ms; }
                     server { listen 127.0.0.1:0; server_name shop; location = /metrics { prometheus; }
                              location / { proxy_pass http://app; } }
                     """.formatted(origin.address())); RawClient first = server.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            assertTrue(server.get("/").startsWith("HTTP/1.1 503 "));
            Map<String, Double> samples = samples(server, "selvage_queue_wait_seconds_count{upstream=\"app\"}", 1);
            assertTrue(samples.get("selvage_queue_wait_seconds_sum{upstream=\"app\"}") >= 0.0198, samples::toString);
            assertEquals(1.0, samples.get("selvage_upstream_phase_duration_seconds_count{location=\"/\",phase=\"wait\","
                    + "site=\"shop\"}"));
            answer.give();
            first.readAnswer();
        }
    }

    @Test
    void filesAndConnectionsAndEventLoopsAreShown() throws IOException {
        try (TestServer server = server("root .;", "a", "a"); RawClient _ = server.connect()) {
            server.get("/a");
            server.get("/a");
            Map<String, Double> samples =
                    samples(server, "selvage_request_duration_seconds_count{location=\"\",site=\"shop\"}", 2);
            assertTrue(samples.get("selvage_file_cache_hits_total") >= 1, samples::toString);
            assertTrue(samples.get("selvage_file_cache_misses_total") >= 1, samples::toString);
            assertTrue(samples.get("selvage_file_cache_entries") >= 1, samples::toString);
            assertTrue(samples.get("selvage_file_cache_bytes") >= 1, samples::toString);
            assertEquals(0.0, samples.get("selvage_file_cache_evictions_total"));
            assertEquals(1.0, samples.get("selvage_connections{state=\"writing\"}"));
            assertTrue(samples.get("selvage_connections_accepted_total") >= 4, samples::toString);
            assertTrue(samples.get("selvage_connections_limit") >= 1, samples::toString);
            assertTrue(samples.get("selvage_virtual_threads") >= 1, samples::toString);
            assertEquals(1, of(samples, "selvage_build_info{java=\"" + Runtime.version() + "\",version=\"").size());
            assertEquals(io.snapshot().carriers().size(), of(samples, "selvage_carrier_stuck{").size());
            assertEquals(io.snapshot().carriers().size(), of(samples, "selvage_carrier_tasks_total").size());
        }
    }

    @Test
    void everyMetricIsInTheReference() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("selvage.root"), "deploy/metrics.md"));
        TestAuthority.Issued certificate = TestAuthority.named("CN=Test Authority").issue("a", "a");
        try (Origin origin = Origin.answering(TEN);
             TestServer server = TestServer.nginx(io, """
                     upstream app { server %1$s max_fails=2 max_conns=9; server %2$s backup; queue 5 timeout=2s; }
                     upstream gone { server %1$s fail_timeout=1h max_conns=1; server %1$s fail_timeout=1h; queue 1 timeout=1ms; }
                     server { listen 127.0.0.1:0; location = /metrics { prometheus; } location / { proxy_pass http://app; }
                              location /gone { proxy_pass http://gone; } }
                     server { listen unix:tls.sock ssl; ssl_certificate a.crt; ssl_certificate_key a.key; }
                     """.formatted(Origin.refusing(), origin.address()), "a.crt", certificate.certificatePem(), "a.key",
                     certificate.keyPem())) {
            server.get("/gone");
            server.get("/gone");                           // waits in the queue
            samples(server, "selvage_queue_wait_seconds_count{upstream=\"gone\"}", 1);
            server.get("/");
            Map<String, Double> samples =
                    samples(server, "selvage_request_duration_seconds_count{location=\"/\",site=\"_\"}", 1);
            assertEquals(certificate.certificate().getNotAfter().getTime() / 1000.0, samples.get(
                    "selvage_certificate_expiry_timestamp_seconds{certificate=\"" + server.folder().resolve("a.crt") + "\"}"));
            Set<String> shown = samples.keySet().stream().map(name -> name.replaceAll("(_bucket|_sum|_count)?([{].*)?$", ""))
                    .filter(name -> name.startsWith("selvage_")).collect(Collectors.toCollection(TreeSet::new));
            Set<String> documented = Pattern.compile("`(selvage_[a-z_]+)`").matcher(page).results().map(name -> name.group(1))
                    .filter(name -> io.name().equals("carrier") || !name.startsWith("selvage_carrier_"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(documented, shown);
            assertEquals(5.0, samples.get("selvage_queue_limit{upstream=\"app\"}"));
            assertEquals(0.0, samples.get("selvage_queue_refused_total{upstream=\"app\"}"));
        }
    }

    @Test
    void reloadsAreShown() throws IOException {
        String text = "server { listen 127.0.0.1:0; location = /metrics { prometheus; } }";
        try (TestServer server = TestServer.nginx(io, text)) {
            assertEquals(0.0, samples(server, "selvage_config_generation",
                    1).get("selvage_config_last_reload_timestamp_seconds"));
            server.reload(text + " server { listen 127.0.0.1:0; server_name b; }");
            Map<String, Double> samples = samples(server, "selvage_config_generation", 2);
            assertEquals(1.0, samples.get("selvage_config_last_reload_success"));
            double loaded = samples.get("selvage_config_loaded_timestamp_seconds");
            assertEquals(System.currentTimeMillis() / 1000.0, loaded, 60);
            assertThrows(IOException.class, () -> server.reload(text + "access_log no/such/folder.log;"));
            samples = samples(server, "selvage_config_last_reload_success", 0);
            assertEquals(loaded, samples.get("selvage_config_loaded_timestamp_seconds"));
            assertTrue(samples.get("selvage_config_last_reload_timestamp_seconds") >= loaded, samples::toString);
            assertEquals(2.0, samples.get("selvage_config_generation"));
        }
    }

    @Test
    void slowestRequestsHaveTheirPhases() throws Exception {
        try (Origin origin = Origin.answering(TEN);
             TestServer server = server("location / { proxy_pass http://%s; }".formatted(origin.address()))) {
            server.get("/app?secret=1");
            Traffic traffic = server.server().metrics().orElseThrow().traffic();
            samples(server, "selvage_request_duration_seconds_count{location=\"/\",site=\"shop\"}", 1);
            SlowRequest slow = traffic.slowest().stream().filter(each -> each.path().equals("/app")).findFirst().orElseThrow();
            assertEquals("GET", slow.method());
            assertEquals(200, slow.status());
            assertEquals("shop/", slow.location().name());
            assertEquals(origin.address(), slow.attempts().getFirst().peer().address());
            assertTrue(slow.nanos() >= slow.attempts().getFirst().totalNanos(), slow::toString);
            assertTrue(Math.abs(System.currentTimeMillis() - slow.startedMillis()) < 60_000, slow::toString);
        }
    }
}

package io.selvage.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// HTTP/2 in the eyes of h2spec and of clients that people use.
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"carrier", "jdk"})
class Http2IT {
    private static final String SITE = """
            events { }
            http {
                include mime.types;
                log_format connections '$server_protocol $connection $uri';
                access_log /dev/stdout connections;
                client_max_body_size 2m;
                server {
                    listen 127.0.0.1:%d;
                    listen 127.0.0.1:%d ssl;
                    http2 on;
                    ssl_certificate site.crt;
                    ssl_certificate_key site.key;
                    root site;
                    location /peer/ { proxy_pass http://127.0.0.1:%d; }
                    location = /chat {
                        proxy_pass http://127.0.0.1:%d;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection "upgrade";
                    }
                }
            }
            """;
    private static final String SVG = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"9\"/>";
    private static final int IMAGES = 200;
    private static final Pattern H2SPEC_PASSED = Pattern.compile("(?m)^146 tests, 146 passed, 0 skipped, 0 failed$");

    @TempDir
    private static Path folder;
    private static HttpServer peer;
    private static ExecutorService threads;
    private static Peer chat;
    private static SelvageProcess selvage;
    private static int plain;
    private static int secure;

    @Parameter
    private String io = "";
    @TempDir
    private Path scratch;

    @BeforeParameterizedClassInvocation
    static void start(String io) throws Exception {
        plain = SelvageProcess.freePort();
        secure = SelvageProcess.freePort();
        startPeers();
        writeSite();
        selvage = SelvageProcess.startOn(io, folder, SITE.formatted(plain, secure,
                peer.getAddress().getPort(), chat.port()));
    }

    private static void startPeers() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        peer.setExecutor(threads);
        peer.createContext("/peer/", Http2IT::echo);
        peer.start();
        chat = new Peer();
    }

    private static void writeSite() throws IOException {
        var made = SelfSignedCertificate.of(List.of("localhost", "127.0.0.1"), Instant.now(), Duration.ofDays(1));
        Files.writeString(folder.resolve("site.crt"), made.certificatePem());
        Files.writeString(folder.resolve("site.key"), made.keyPem());
        Path site = Files.createDirectories(folder.resolve("site"));
        var page = new StringBuilder("<!DOCTYPE html><title>images</title>");
        for (int i = 1; i <= IMAGES; i++) {
            Files.writeString(site.resolve(i + ".svg"), SVG.formatted(i));
            page.append("<img src=\"").append(i).append(".svg\">");
        }
        Files.writeString(site.resolve("images.html"), page);
        Files.writeString(site.resolve("chat.html"), """
                <!DOCTYPE html><title>chat</title>
                <script>
                const socket = new WebSocket("wss://" + location.host + "/chat");
                socket.onopen = () => socket.send("weft");
                socket.onmessage = event => fetch("/heard/" + event.data);
                </script>
                """);
    }

    /// Answers with the body of the request, or a few bytes if it has none.
    private static void echo(HttpExchange request) throws IOException {
        try (request) {
            byte[] body = request.getRequestBody().readAllBytes();
            byte[] answer = body.length == 0 ? "nothing".getBytes(StandardCharsets.UTF_8) : body;
            boolean head = request.getRequestMethod().equals("HEAD");
            request.sendResponseHeaders(200, head ? -1 : answer.length);
            if (!head) {
                request.getResponseBody().write(answer);
            }
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        selvage.close();
        peer.stop(0);
        threads.close();
        chat.close();
    }

    /// A peer answers, because an answer from a file can come before the frame that h2spec sends to provoke an error.
    @Test
    void h2specPassesInPlainText() throws Exception {
        assertH2specPasses("-p", Integer.toString(plain));
    }

    @Test
    void h2specPassesInTls() throws Exception {
        assertH2specPasses("-t", "-k", "-p", Integer.toString(secure));
    }

    private void assertH2specPasses(String... address) throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "this h2spec is a program for x86-64");
        Path packed = scratch.resolve("h2spec.tar.gz");
        try (InputStream program = requireNonNull(getClass().getResourceAsStream("/h2spec/2.2.0/h2spec_linux_amd64.tar.gz"))) {
            Files.copy(program, packed, StandardCopyOption.REPLACE_EXISTING);
        }
        run("tar", "-xzf", packed.toString(), "-C", scratch.toString());
        var command = new ArrayList<>(List.of(scratch.resolve("h2spec").toString(), "--strict", "-P", "/peer/spec"));
        command.addAll(List.of(address));
        String report = run(command.toArray(String[]::new));
        assertTrue(H2SPEC_PASSED.matcher(report).find(), () -> report.substring(Math.max(0, report.indexOf("Failures:"))));
    }

    @Test
    void curlGetsAndPosts() throws Exception {
        assertEquals("2 200 " + SVG.formatted(7).length(), run("curl", "-sk", "--http2", "-o", scratch.resolve("got").toString(),
                "-w", "%{http_version} %{http_code} %{size_download}", url("/7.svg")));
        assertEquals(SVG.formatted(7), Files.readString(scratch.resolve("got")));

        byte[] body = new byte[1 << 20];
        new Random(1).nextBytes(body);
        Path sent = Files.write(scratch.resolve("sent"), body);
        assertEquals("2 200", run("curl", "-sk", "--http2", "-o", scratch.resolve("got").toString(), "-w",
                "%{http_version} %{http_code}", "--data-binary", "@" + sent, url("/peer/echo")));
        assertArrayEquals(body, Files.readAllBytes(scratch.resolve("got")));
    }

    @Test
    void curlGetsTwentyFilesAtOnce() throws Exception {
        String answers = run("curl", "-sk", "--stderr", "/dev/null", "--http2", "-Z", "--parallel-max", "20", "-o",
                scratch.resolve("#1").toString(), "-w", "%{http_version} %{http_code}\\n", url("/[1-20].svg"));
        assertEquals("2 200\n".repeat(20), answers);
        for (int i = 1; i <= 20; i++) {
            assertEquals(SVG.formatted(i), Files.readString(scratch.resolve(Integer.toString(i))));
        }
    }

    @Test
    void nghttpGetsAllFilesOverOneConnection() throws Exception {
        int before = selvage.server().lines().size();
        var command = new ArrayList<>(List.of("nghttp", "-nv"));
        for (int i = 1; i <= IMAGES; i++) {
            command.add(url("/" + i + ".svg"));
        }
        String output = run(command.toArray(String[]::new));
        assertTrue(output.contains("The negotiated protocol: h2\n"), output);
        assertEquals(IMAGES, output.split(":status: 200", -1).length - 1, output);
        assertAllFilesCameOverOneConnection(before);
    }

    @Test
    void javaClientGetsEveryAnswerInHttp2() throws Exception {
        var seen = new ArrayList<String>();
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(Tls.context()).build()) {
            for (int round = 0; round < 10; round++) {
                var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
                for (int i = 1; i <= 20; i++) {
                    var request = HttpRequest.newBuilder(URI.create(url("/" + i + ".svg"))).build();
                    answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
                }
                for (int i = 1; i <= 20; i++) {
                    HttpResponse<String> answer = answers.get(i - 1).join();
                    assertEquals(SVG.formatted(i), answer.body());
                    seen.add(answer.version() + " " + answer.statusCode());
                }
            }
        }
        assertEquals(Collections.nCopies(200, "HTTP_2 200"), seen);
    }

    @Test
    void browserLoadsAPageWithAllImagesOverOneConnection() throws Exception {
        int before = selvage.server().lines().size();
        try (var _ = browser("/images.html")) {
            assertAllFilesCameOverOneConnection(before);
        }
    }

    @Test
    void browserTalksOverAWebSocketInTheConnectionOfThePage() throws Exception {
        int before = selvage.server().lines().size();
        String page;
        try (var _ = browser("/chat.html")) {
            try (Peer.Request request = chat.accept()) {
                assertEquals("GET /chat HTTP/1.1", request.head().getFirst());
                Thread.ofVirtual().start(() -> echoFrames(request));
                page = selvage.server().awaitLinesSince(before, 1, "^HTTP/2\\.0 (\\d+) /heard/weft$").group(1);
            }
        }
        selvage.server().awaitLinesSince(before, 1, "^HTTP/2\\.0 " + page + " /chat$");
    }

    private static void echoFrames(Peer.Request request) {
        try {
            request.echoFrames();
        } catch (IOException | GeneralSecurityException _) {
            // the test has ended the connection
        }
    }

    private static void assertAllFilesCameOverOneConnection(int before) throws InterruptedException {
        Pattern line = Pattern.compile("^(\\S+ \\d+) (/\\d+\\.svg)$");
        selvage.server().awaitLinesSince(before, IMAGES, line.pattern());
        List<String> lines = selvage.server().lines();
        List<MatchResult> files = lines.subList(before, lines.size()).stream()
                .flatMap(each -> line.matcher(each).results()).toList();
        assertEquals(IMAGES, files.stream().map(each -> each.group(2)).distinct().count());
        var connections = new TreeSet<>(files.stream().map(each -> each.group(1)).toList());
        assertEquals(1, connections.size(), connections::toString);
        assertTrue(connections.getFirst().startsWith("HTTP/2.0 "), connections::toString);
    }

    private Running browser(String page) throws Exception {
        String program = Arrays.stream(System.getenv("PATH").split(":")).map(each -> each + "/chromium")
                .filter(each -> Files.isExecutable(Path.of(each))).findFirst().orElse("/usr/bin/chromium");
        Application.require(program, "");
        return new Running(scratch, Map.of("TMPDIR", scratch.toString()), "KILL", List.of(program, "--headless",
                "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--ignore-certificate-errors", "--remote-debugging-port=0",
                "--user-data-dir=" + scratch.resolve("profile"), url(page)));
    }

    private static String url(String path) {
        return "https://127.0.0.1:" + secure + path;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Application.require("/usr/bin/" + (command[0].startsWith("/") ? "env" : command[0]), "");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}

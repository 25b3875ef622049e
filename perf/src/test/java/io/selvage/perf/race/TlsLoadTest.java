package io.selvage.perf.race;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.selvage.perf.http.Destination;
import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.Mix;
import io.selvage.perf.load.Phase;
import io.selvage.perf.load.Setup;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The generator over TLS, against the JDK and nginx.
class TlsLoadTest {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpsServer server;
    private Map<String, String> certificate = Map.of();

    @BeforeEach
    void start() throws Exception {
        certificate = LabCertificate.write(folder.resolve("certificate"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("certificate/lab.p12"))) {
            store.load(in, "selvage".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "selvage".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = new byte[Integer.parseInt(exchange.getRequestURI().getPath().substring(1))];
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.close();
    }

    private static Counts once(Generator generator) throws Exception {
        return generator.run(new Phase("once", new Load.Once(), Duration.ofSeconds(1)), interval -> { }).counts();
    }

    private static Generator generator(String url, Request request, boolean close, boolean resume) throws Exception {
        return new Generator(new Setup(Destination.parse(url).destination(), Mix.of(request), CONNECTIONS, 2, 0, close, resume,
                PATIENCE));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "16384, false", "16385, true", "1000000, false", "1000000, true"})
    void answersOfAllSizesArriveWhole(int length, boolean close) throws Exception {
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
        Request request = Request.get("/" + length).withExpect(Expectation.SUCCESS.withLength(length));
        try (Generator generator = generator(url, request, close, false)) {
            Counts counts = once(generator);
            assertEquals(CONNECTIONS, counts.answered(), counts::toString);
            assertEquals(0, counts.failed(), counts::toString);
        }
    }

    /// nginx answers 201 to a request on a resumed session, and 200 to others.
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 4"})
    void sessionsAreResumedOnRequest(boolean resume, int resumed) throws Exception {
        Installed.assume("nginx");
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                pid ${work}/server.pid; error_log stderr; events { }
                http {
                    server {
                        listen 127.0.0.1:${port} ssl; access_log off;
                        ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_protocols TLSv1.2 TLSv1.3;
                        if ($ssl_session_reused = r) { return 201; }
                        return 200;
                    }
                }
                """);
        var entrant = new Scenario.Entrant("nginx", List.of("nginx", "-p", "${work}", "-c", "${config}", "-e", "stderr", "-g",
                "daemon off;"), List.of(), config);
        var work = new Scenario.Work(Request.get("/"), CONNECTIONS, 0, true, Scenario.Tls.FULL, Map.of(),
                new TestPeer.Spec.None(), PATIENCE);
        Request request = Request.get("/").withExpect(Expectation.SUCCESS.withStatus(201));
        try (RaceTarget nginx = RaceTarget.start(entrant, work, folder.resolve("nginx"), certificate);
             Generator generator = generator(nginx.url("/"), request, true, resume)) {
            assertEquals(0, once(generator).answered());
            assertEquals(resumed, once(generator).answered());
        }
    }
}

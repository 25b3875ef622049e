package io.selvage.deploy;

import io.selvage.server.tls.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A service and a client of Python's grpcio, with Selvage between them.
class GrpcIT {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String SITE = """
            events { }
            http {
                server {
                    listen 127.0.0.1:%d%s;
                    http2 on;
                    ssl_certificate a.crt;
                    ssl_certificate_key a.key;
                    client_max_body_size 0;
                    location / { grpc_pass grpc://127.0.0.1:%s; }
                }
            }
            """;
    private static final String HEALTH = """
            error_log stderr notice;
            events { }
            http {
                upstream greeter { server 127.0.0.1:%s; }
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        grpc_pass greeter;
                        health_check mandatory interval=100ms timeout=20s type=grpc grpc_service=demo.Greeter;
                    }
                }
            }
            """;
    private static final String EXPECTED = """
            unary: hello you
            initial: initial
            trailing: trailing
            status: NOT_FOUND no such thing thing
            server streaming: 499500
            client streaming: 3000000
            both directions: re: one
            both directions: re: two
            both directions: re: three
            end: of the stream
            endless: begun
            cancelled: yes
            at once: True
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"carrier, false", "carrier, true", "jdk, false", "jdk, true"})
    void allKindsOfCallsWork(String io, boolean tls) throws Exception {
        Application.require(PYTHON, "import grpc");
        Application.unpack(folder, "greeter.py", Map.of());
        Application.unpack(folder, "greeted.py", Map.of());
        SelfSignedCertificate certificate = SelfSignedCertificate.of(List.of("localhost"), Instant.now(), Duration.ofDays(40));
        Files.writeString(folder.resolve("a.crt"), certificate.certificatePem());
        Files.writeString(folder.resolve("a.key"), certificate.keyPem());
        int port = SelvageProcess.freePort();
        try (var greeter = new Running(folder, Map.of(), "TERM", List.of(PYTHON, "greeter.py"))) {
            String peer = greeter.awaitLines(1, "port (\\d+)").group(1);
            String site = SITE.formatted(port, tls ? " ssl" : "", peer);
            List<String> call = tls ? List.of(PYTHON, "greeted.py", "localhost:" + port, "a.crt")
                    : List.of(PYTHON, "greeted.py", "127.0.0.1:" + port);
            try (var _ = SelvageProcess.startOn(io, folder, site);
                 var client = new Running(folder, Map.of(), "KILL", call)) {
                client.awaitExit();
                assertEquals(EXPECTED, String.join("\n", client.lines()) + "\n");
            }
        }
    }

    @Test
    void healthIsAskedForInTheProtocolOfGrpc() throws Exception {
        Application.require(PYTHON, "import grpc");
        Application.unpack(folder, "greeter.py", Map.of());
        int port = SelvageProcess.freePort();
        try (var greeter = new Running(folder, Map.of(), "TERM", List.of(PYTHON, "greeter.py"))) {
            String peer = greeter.awaitLines(1, "port (\\d+)").group(1);
            try (var server = SelvageProcess.start(folder, HEALTH.formatted(peer, port))) {
                server.server().awaitLines(1, "is up: its first health check has passed");
                switchTo("off", peer);
                server.server().awaitLines(1, "is unhealthy: the service is NOT_SERVING");
                switchTo("on", peer);
                server.server().awaitLines(1, "is up: its health check has passed");
            }
        }
    }

    /// Makes the service say that it is healthy, or not.
    private void switchTo(String state, String peer) throws Exception {
        String call = "import grpc; grpc.insecure_channel('127.0.0.1:" + peer + "')"
                + ".unary_unary('/demo.Greeter/Switch')(b'" + state + "', timeout=20)";
        try (var client = new Running(folder, Map.of(), "KILL", List.of(PYTHON, "-c", call))) {
            client.awaitExit();
        }
    }
}

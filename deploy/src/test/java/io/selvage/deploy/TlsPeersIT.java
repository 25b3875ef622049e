package io.selvage.deploy;

import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Real servers that speak TLS as peers: gunicorn, uwsgi and nginx. All of them use OpenSSL.
class TlsPeersIT {
    private static final String VERIFY = "%1$s_ssl_verify on; %1$s_ssl_trusted_certificate peer.crt; %1$s_ssl_name app.internal;";
    private static final int LONG = 3_000_000;

    @TempDir
    private Path folder;
    @TempDir
    private Path peer;
    private int port;

    @BeforeEach
    void makeCertificates() throws IOException {
        port = SelvageProcess.freePort();
        write("peer", SelfSignedCertificate.of(List.of("app.internal"), Instant.now(), Duration.ofDays(9)));
    }

    /// A certificate that its owner may show as a client.
    private void makeOwnCertificate() throws IOException, InterruptedException {
        String openssl = "/usr/bin/openssl";
        Application.require(openssl, "");
        int status = new ProcessBuilder(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-subj", "/CN=selvage", "-keyout", "own.key", "-out", "own.crt").directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("openssl.log").toFile()).start().waitFor();
        assertEquals(0, status);
        Files.copy(folder.resolve("own.crt"), peer.resolve("own.crt"));
    }

    private void write(String name, SelfSignedCertificate certificate) throws IOException {
        for (Path each : List.of(folder, peer)) {
            Files.writeString(each.resolve(name + ".crt"), certificate.certificatePem());
            Files.writeString(each.resolve(name + ".key"), certificate.keyPem());
        }
    }

    /// @param location the inside of the only location
    private SelvageProcess start(String engine, String location) throws IOException, InterruptedException {
        return SelvageProcess.start(folder, "ssl_engine " + engine + "; events { } http { server { listen 127.0.0.1:" + port
                + "; location / { " + location + " } } }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void flaskUnderGunicorn(String engine) throws Exception {
        try (var app = Application.gunicornInTls(peer, "demo", peer.resolve("peer.crt"), peer.resolve("peer.key"));
             var _ = start(engine, "proxy_pass https://" + app.address() + "; " + VERIFY.formatted("proxy"))) {
            assertAnswers();
        }
    }

    @Test
    void flaskUnderUwsgi() throws Exception {
        try (var app = Application.uwsgiInTls(peer, "demo", peer.resolve("peer.crt"), peer.resolve("peer.key"));
             var _ = start("auto", "include uwsgi_params; uwsgi_pass suwsgi://" + app.address() + "; "
                     + VERIFY.formatted("uwsgi"))) {
            assertAnswers();
        }
    }

    private void assertAnswers() throws IOException {
        Echo page = Echo.of(RawHttp.get(port, "/things/a%20b?q=1"));
        assertEquals("/things/a b", page.get("path"));
        assertEquals("q=1", page.get("query"));
        assertEquals(LONG, RawHttp.get(port, "/download/" + LONG).body().length());
        try (var http = new RawHttp(port)) {
            Echo echo = Echo.of(http.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + "x".repeat(500_000))
                    .answer());
            assertEquals("500000", echo.get("length"));
        }
    }

    /// Knows its clients by their certificates, and resumes sessions.
    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void nginxThatNeedsACertificate(String engine) throws Exception {
        Application.require("/usr/sbin/nginx", "");
        makeOwnCertificate();
        int peerPort = SelvageProcess.freePort();
        Files.writeString(peer.resolve("nginx.conf"), """
                pid selvage.pid; daemon off; master_process off; error_log stderr;
                events { }
                http {
                    access_log off;
                    client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    server {
                        listen 127.0.0.1:%d ssl;
                        ssl_certificate peer.crt;
                        ssl_certificate_key peer.key;
                        ssl_verify_client on;
                        ssl_client_certificate own.crt;
                        return 200 "$ssl_client_verify $ssl_server_name $ssl_session_reused";
                    }
                }
                """.formatted(peerPort));
        String shown = "proxy_ssl_certificate own.crt; proxy_ssl_certificate_key own.key; ";
        try (var nginx = new Running(peer, Map.of(), "TERM",
                List.of("/usr/sbin/nginx", "-p", peer + "/", "-c", "nginx.conf", "-e", "stderr"))) {
            SelvageProcess.awaitListening(peer, nginx);
            try (var _ = start(engine, "proxy_pass https://127.0.0.1:" + peerPort + "; proxy_http_version 1.0; "
                    + "proxy_ssl_server_name on; "
                    + VERIFY.formatted("proxy") + shown)) {
                assertEquals("SUCCESS app.internal .", RawHttp.get(port, "/").body());
                assertEquals("SUCCESS app.internal r", RawHttp.get(port, "/").body());
            }
            try (var _ = start(engine, "proxy_pass https://127.0.0.1:" + peerPort + "; " + VERIFY.formatted("proxy"))) {
                RawHttp.Answer refused = RawHttp.get(port, "/");
                assertEquals(400, refused.status());
                assertTrue(refused.body().contains("No required SSL certificate was sent"), refused::body);
            }
        }
    }
}

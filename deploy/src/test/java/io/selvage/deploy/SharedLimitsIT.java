package io.selvage.deploy;

import io.selvage.server.tls.SelfSignedCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Two servers count their limits together in one Redis, which goes away and comes back.
@Timeout(60)
class SharedLimitsIT {
    private static final int ALLOWED = 6;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException {
        for (String name : List.of("redis", "one", "other")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    private SelvageProcess server(String name, int port, String store, int peer, String... javaOptions)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve(name + "/selvage.conf"), """
                events {
                }
                http {
                    limit_req_zone $arg_key zone=requests:1m rate=1r/m store=%s;
                    limit_conn_zone $arg_key zone=connections:1m store=%s;
                    server {
                        listen 127.0.0.1:%d;
                        location /requests {
                            limit_req zone=requests burst=%d nodelay;
                            empty_gif;
                        }
                        location /connections {
                            limit_conn connections 1;
                            proxy_pass http://127.0.0.1:%d;
                        }
                    }
                }
                """.formatted(store, store, port, ALLOWED - 1, peer));
        return SelvageProcess.start(folder.resolve(name), Path.of("selvage.conf"), List.of(javaOptions));
    }

    /// How many of 20 requests are let in, half of them by each server.
    private static long admitted(int one, int other, String key) {
        return IntStream.range(0, 20).filter(i -> status(i % 2 == 0 ? one : other, "/requests?key=" + key) == 200).count();
    }

    private static int status(int port, String target) {
        try {
            return RawHttp.get(port, target).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Asks a server until it counts in the store.
    private static void awaitStore(int port, RedisServer redis) throws IOException, InterruptedException {
        String key;
        int asked = 0;
        do {
            key = port + "-" + asked++;
            status(port, "/requests?key=" + key);
        } while (redis.ask("exists", "selvage:req:requests:" + key).equals("0"));
    }

    @Test
    void requestsAreCountedTogetherWhileTheStoreIsThere() throws Exception {
        int one = SelvageProcess.freePort();
        int other = SelvageProcess.freePort();
        try (var redis = RedisServer.start(folder.resolve("redis"));
                var first = server("one", one, "redis://" + redis.address() + "?timeout=50s", 1);
                var second = server("other", other, "redis://" + redis.address() + "?timeout=50s", 1)) {
            awaitStore(one, redis);
            awaitStore(other, redis);
            assertEquals(ALLOWED, admitted(one, other, "a"));
            assertEquals(ALLOWED, admitted(one, other, "b"));
            assertTrue(Long.parseLong(redis.ask("pttl", "selvage:req:requests:a")) > 0);

            redis.stop();
            assertEquals(2 * ALLOWED, admitted(one, other, "c"));
            redis.restart();
            awaitStore(one, redis);
            awaitStore(other, redis);
            for (SelvageProcess server : List.of(first, second)) {
                server.server().awaitLines(1, "the store redis://127.0.0.1:\\d+ is back");
                assertEquals(1, server.server().lines().stream().filter(line -> line.contains(" is away (")).count());
            }
            assertEquals(ALLOWED, admitted(one, other, "d"));
        }
    }

    @Test
    void connectionToAStoreThatAReloadNoLongerNamesIsClosed() throws Exception {
        int one = SelvageProcess.freePort();
        try (var redis = RedisServer.start(folder.resolve("redis"));
                var server = server("one", one, "redis://" + redis.address() + "?timeout=50s", 1)) {
            awaitStore(one, redis);
            assertEquals(2, redis.ask("client", "list").lines().count());          // one is that of redis-cli
            Files.writeString(folder.resolve("one/selvage.conf"), "events { } http { server { listen 127.0.0.1:" + one + "; } }");
            server.server().signal("HUP");
            server.server().awaitLines(1, "the configuration was reloaded");
            while (redis.ask("client", "list").lines().count() > 1) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void exchangesAreCountedTogether() throws Exception {
        int one = SelvageProcess.freePort();
        int other = SelvageProcess.freePort();
        try (var redis = RedisServer.start(folder.resolve("redis")); var peer = new Peer();
                var _ = server("one", one, "redis://" + redis.address() + "?timeout=50s", peer.port());
                var _ = server("other", other, "redis://" + redis.address() + "?timeout=50s", peer.port());
                var client = new RawHttp(one)) {
            awaitStore(one, redis);
            awaitStore(other, redis);
            client.send("GET /connections?key=a HTTP/1.1\r\nHost: a\r\n\r\n");
            try (var request = peer.accept()) {
                assertEquals(503, status(other, "/connections?key=a"));
                assertEquals("1", redis.ask("hlen", "selvage:conn:connections:a"));
                assertTrue(Long.parseLong(redis.ask("pttl", "selvage:conn:connections:a")) > 0);
                request.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
            assertEquals(200, client.answer().status());
            while (!redis.ask("exists", "selvage:conn:connections:a").equals("0")) {
                Thread.onSpinWait();
            }
        }
    }

    /// A Redis that speaks TLS with this certificate, and wants the password `secret`.
    private RedisServer secured(SelfSignedCertificate certificate) throws Exception {
        Path redis = folder.resolve("redis");
        return RedisServer.secured(redis, "secret", Files.writeString(redis.resolve("a.crt"), certificate.certificatePem()),
                Files.writeString(redis.resolve("a.key"), certificate.keyPem()));
    }

    @Test
    void storeMayWantTlsAndAPassword() throws Exception {
        int one = SelvageProcess.freePort();
        int other = SelvageProcess.freePort();
        var certificate = SelfSignedCertificate.of(List.of("localhost"), Instant.now(), Duration.ofDays(9));
        try (var redis = secured(certificate);
                var _ = server("one", one, "rediss://:secret@" + redis.address() + "?timeout=50s&verifyPeer=NONE", 1);
                var second = server("other", other, "rediss://:wrong@" + redis.address() + "?timeout=50s&verifyPeer=NONE", 1)) {
            second.server().awaitLines(1, "the store rediss://127.0.0.1:\\d+ is away \\(");
            awaitStore(one, redis);
            assertEquals(2 * ALLOWED, admitted(one, other, "a"));
        }
    }

    @Test
    void certificateOfAStoreIsVerified() throws Exception {
        int one = SelvageProcess.freePort();
        int other = SelvageProcess.freePort();
        var certificate = SelfSignedCertificate.of(List.of("localhost"), Instant.now(), Duration.ofDays(9));
        try (var redis = secured(certificate)) {
            String store = "rediss://:secret@" + redis.address().replace("127.0.0.1", "localhost") + "?timeout=50s";
            try (var _ = server("one", one, store, 1, "-Djavax.net.ssl.trustStore=" + trusting(certificate.certificatePem()),
                    "-Djavax.net.ssl.trustStorePassword=changeit");
                    var second = server("other", other, store, 1)) {
                second.server().awaitLines(1, "the store rediss://localhost:\\d+ is away \\(.*certifi");
                awaitStore(one, redis);
                assertEquals(2 * ALLOWED, admitted(one, other, "a"));
            }
        }
    }

    /// A file with the certificates that Java trusts.
    private Path trusting(String pem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("store", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        Path file = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }
}

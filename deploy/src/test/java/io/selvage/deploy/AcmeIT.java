package io.selvage.deploy;

import com.sun.net.httpserver.HttpServer;
import io.selvage.server.acme.AccountKey;
import io.selvage.server.acme.AccountSpec;
import io.selvage.server.acme.AcmeCertificates;
import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.ChallengeType;
import io.selvage.server.acme.Challenges;
import io.selvage.server.acme.IssuedCertificate;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.acme.KeyAlgorithm;
import io.selvage.server.acme.OrderOptions;
import io.selvage.server.acme.ServerTrust;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Certificates from a real ACME server.
class AcmeIT {
    @TempDir
    private Path machine;
    @TempDir
    private Path state;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    @Test
    void aCertificateIsIssuedByHttp01() throws Exception {
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.start();
        try (Pebble pebble = Pebble.start(machine, site.getAddress().getPort(), 1, Duration.ofDays(90));
                AcmeCertificates certificates = new AcmeCertificates((severity, line) -> log.add(severity + " " + line))) {
            site.createContext(Challenges.PATH, exchange -> {
                String token = exchange.getRequestURI().getPath().substring(Challenges.PATH.length());
                byte[] text = certificates.challenges().text(token).orElse("").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(text.length == 0 ? 404 : 200, text.length);
                try (var body = exchange.getResponseBody()) {
                    body.write(text);
                }
            });
            IssuerSpec issuer = new IssuerSpec("pebble", pebble.directory(), new AccountSpec(
                    new AccountKey.Generated(KeyAlgorithm.ECDSA_256), List.of(URI.create("mailto:me@shop.example")), true,
                    Optional.empty()), ChallengeType.HTTP_01, new ServerTrust(Optional.of(pebble.authority()), true),
                    Optional.of(state), OrderOptions.DEFAULT);
            CertificateSpec spec = new CertificateSpec(List.of("shop.example", "www.shop.example"), KeyAlgorithm.ECDSA_256);
            CertificateSlot slot = certificates.slot(issuer, spec);
            certificates.use(Map.of(issuer, List.of(spec)));
            String line = log.poll(20, TimeUnit.SECONDS);
            IssuedCertificate issued = slot.current().orElseThrow(() -> new AssertionError(line + "\n" + pebble.lines()));

            assertTrue(line.startsWith("notice acme issuer \"pebble\" issued a certificate for shop.example, www.shop.example, "),
                    line);
            assertEquals("[[2, shop.example], [2, www.shop.example]]",
                    issued.chain().getFirst().getSubjectAlternativeNames().toString());
            assertEquals(2, issued.chain().size());
        }
    }
}

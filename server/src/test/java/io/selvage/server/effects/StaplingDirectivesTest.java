package io.selvage.server.effects;

import com.sun.net.httpserver.HttpServer;
import io.selvage.server.tls.TestAuthority;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.whole.TestServer;
import io.selvage.server.whole.TlsClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.TlsServing.A;
import static io.selvage.server.effects.TlsServing.AUTHORITY;
import static io.selvage.server.effects.TlsServing.B;
import static io.selvage.server.effects.TlsServing.can;
import static io.selvage.server.effects.TlsServing.site;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives for OCSP responses that are sent with a certificate.
@Timeout(60)
class StaplingDirectivesTest {

    /// The responses that a client gets in a handshake, in hexadecimal.
    private static List<String> stapled(TestServer server) throws Exception {
        try (var opened = TlsClient.of("a").open(server.address())) {
            return ((ExtendedSSLSession) opened.session()).getStatusResponses().stream().map(Arrays::toString).toList();
        }
    }

    /// A responder that gives every request the same answer.
    private static HttpServer responder(byte[] response) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, response.length);
            exchange.getResponseBody().write(response);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String fetching(HttpServer responder) {
        return "ssl_stapling on; ssl_trusted_certificate ca.crt; ssl_stapling_responder http://127.0.0.1:"
                + responder.getAddress().getPort() + "/;";
    }

    @Test
    @Effect({"ssl_stapling_responder", "ssl_stapling_verify"})
    void responseOfTheResponderIsSentWithTheCertificate() throws Exception {
        byte[] good = AUTHORITY.good(A);
        byte[] forged = new TestAuthority(AUTHORITY.certificate(), B.key()).good(A);
        HttpServer honest = responder(good);
        HttpServer forger = responder(forged);
        try (TestServer verified = site("boringssl", fetching(honest) + "ssl_stapling_verify on;");
             TestServer unverified = site("boringssl", fetching(forger));
             TestServer deceived = site("boringssl", fetching(forger) + "ssl_stapling_verify on;")) {
            for (TestServer each : List.of(verified, unverified, deceived)) {
                assertEquals(List.of(), stapled(each));        // the first handshake begins to fetch the response
            }
            assertTrue(verified.awaitLines("error.log", 1).getFirst().contains("an OCSP response was received from http://"));
            assertEquals(List.of(Arrays.toString(good)), stapled(verified));
            unverified.awaitLines("error.log", 1);
            assertEquals(List.of(Arrays.toString(forged)), stapled(unverified));
            assertTrue(deceived.awaitLines("error.log", 1).getFirst().endsWith("the signature of the OCSP response is wrong"));
            assertEquals(List.of(), stapled(deceived));
        } finally {
            honest.stop(0);
            forger.stop(0);
        }
    }

    @Test
    void revokedCertificateIsSentAlone() throws Exception {
        var revoked = new RevokedStatus(new Date(), CRLReason.keyCompromise);
        HttpServer responder = responder(AUTHORITY.response(A, revoked, Instant.now().plusSeconds(99)));
        try (TestServer server = site("boringssl", fetching(responder))) {
            assertEquals(List.of(), stapled(server));
            assertTrue(server.awaitLines("error.log", 1).getFirst().endsWith("says that the certificate is not good"));
            assertEquals(List.of(), stapled(server));
        } finally {
            responder.stop(0);
        }
    }

    @Test
    void certificateWithoutAResponderIsReported() throws Exception {
        try (TestServer server = site("boringssl", "ssl_stapling on;")) {
            assertEquals(List.of(), stapled(server));
            assertTrue(server.awaitLines("first.log", 1).getFirst().contains(
                    "\"ssl_stapling\" ignored, no OCSP responder URL in the certificate \"CN=a\""));
        }
    }

    @Test
    @Effect({"ssl_stapling", "ssl_stapling_file"})
    void responseOfTheFileIsSentWithTheCertificate() throws Exception {
        assertTrue(can("boringssl", TlsCapability.STAPLING));
        byte[] response = AUTHORITY.good(A);
        String file = new String(response, ISO_8859_1);
        try (TestServer off = site("boringssl", "ssl_stapling_file response;", "response", file);
             TestServer on = site("boringssl", "ssl_stapling on; ssl_stapling_file response;", "response", file)) {
            assertEquals(List.of(), stapled(off));
            assertEquals(List.of(Arrays.toString(response)), stapled(on));
        }
    }
}

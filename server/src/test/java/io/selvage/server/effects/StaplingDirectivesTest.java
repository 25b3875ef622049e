package io.selvage.server.effects;

import io.selvage.server.tls.TlsCapability;
import io.selvage.server.whole.TestServer;
import io.selvage.server.whole.TlsClient;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.TlsServing.A;
import static io.selvage.server.effects.TlsServing.AUTHORITY;
import static io.selvage.server.effects.TlsServing.can;
import static io.selvage.server.effects.TlsServing.site;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives for OCSP responses that are sent with a certificate.
@Timeout(20)
class StaplingDirectivesTest {

    /// The responses that a client gets in a handshake, in hexadecimal.
    private static List<String> stapled(TestServer server) throws Exception {
        try (var opened = TlsClient.of("a").open(server.address())) {
            return ((ExtendedSSLSession) opened.session()).getStatusResponses().stream().map(Arrays::toString).toList();
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

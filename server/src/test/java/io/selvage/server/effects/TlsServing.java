package io.selvage.server.effects;

import io.selvage.server.tls.TestAuthority;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import io.selvage.server.whole.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Servers with TLS for the tests of this package, and their certificates: `a.crt` and `a.key` are for the host `a`, and so on.
final class TlsServing {
    static final TestAuthority AUTHORITY;
    static final TestAuthority.Issued A;
    static final TestAuthority.Issued B;
    /// The certificate of a client.
    static final TestAuthority.Issued CLIENT;

    static {
        try {
            AUTHORITY = TestAuthority.named("CN=Test Authority,O=Selvage");
            A = AUTHORITY.issue("a", "a");
            B = AUTHORITY.issue("b", "b");
            CLIENT = AUTHORITY.issue("client,O=Users", "client");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private TlsServing() {
    }

    /// @param engine as `ssl_engine` has it
    /// @param text the inside of the only site, whose certificate is that of `a`
    static TestServer site(String engine, String text, String... files) throws Exception {
        return http(engine, "server { listen 127.0.0.1:0 ssl; " + keys("a") + text + " return 200 ok; }", files);
    }

    /// @param text the inside of `http`
    static TestServer http(String engine, String text, String... files) throws Exception {
        return Serving.main("ssl_engine " + engine + "; events { } http { access_log off; " + text + "}", with(files));
    }

    /// The directives for the certificate of a name.
    static String keys(String name) {
        return "ssl_certificate " + name + ".crt; ssl_certificate_key " + name + ".key; ";
    }

    private static String[] with(String... files) throws Exception {
        List<String> all = new ArrayList<>(List.of("a.crt", A.certificatePem(), "a.key", A.keyPem(), "b.crt", B.certificatePem(),
                "b.key", B.keyPem(), "ca.crt", AUTHORITY.certificatePem()));
        all.addAll(List.of(files));
        return all.toArray(String[]::new);
    }

    /// Whether an engine can do something.
    static boolean can(String engine, TlsCapability capability) {
        return TlsEngines.select(TlsEngineChoice.valueOf(engine.toUpperCase(Locale.ROOT))).capabilities()
                .contains(capability);
    }
}

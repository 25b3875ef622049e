package io.selvage.server.wiring;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Machine;
import io.selvage.server.http.Explanation;
import io.selvage.server.module.Modules;
import io.selvage.server.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExplainerTest {
    private static final String ADDRESSES = """
            server { listen 127.0.0.1:8080; server_name a; return 204; }
            server { listen 8080; server_name b; return 204; }
            server { listen 127.0.0.2:81; server_name c; return 204; }
            """;

    @TempDir
    private Path folder;

    private Explanation explain(String http, String url, String... fields) throws IOException, ConfigProblems {
        return Explainer.explain(config(http), new ExplainRequest("GET", url, List.of(fields), InetAddress.getLoopbackAddress()));
    }

    private Config config(String http) throws IOException, ConfigProblems {
        Path file = folder.resolve("x.conf");
        Files.writeString(file, "events { } http { " + http + " }");
        return Modules.LANGUAGE.load(file, folder, "", Machine.ANY).config();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080/,  127.0.0.1:8080, a, the address itself",
        "http://127.0.0.9:8080/,  0.0.0.0:8080,   b, all addresses of this port",
        "http://c:8080/,          0.0.0.0:8080,   b, all addresses of this port",
        "http://c:81/,            127.0.0.2:81,   c, the address with this port",
        "/,                       127.0.0.1:8080, a, 'the first in the configuration, as the URL is a path alone'",
    })
    void listenerIsThatOfTheUrl(String url, String address, String site, String why) throws Exception {
        Explanation explained = explain(ADDRESSES, url);

        assertEquals(address, explained.value("listener").orElseThrow());
        assertEquals(site, explained.value("site").orElseThrow());
        assertEquals(why, explained.all("listener").getFirst().text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://a/               | the configuration does not listen on port 80 for a; it listens on ",
        "http://127.0.0.1:81/    | the configuration does not listen on port 81 for 127.0.0.1; it listens on ",
        "https://a:8080/         | no TLS is spoken at 0.0.0.0:8080: \"listen\" has no \"ssl\"",
    })
    void addressWithoutListenerIsRefused(String url, String problem) {
        String message = assertThrows(IllegalArgumentException.class, () -> explain(ADDRESSES, url)).getMessage();

        assertTrue(message.startsWith(problem), message);
    }

    @Test
    void configurationWithoutServersIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> explain("", "/"));
    }

    @Test
    void logsAreNotCreated() throws Exception {
        Explanation explained = explain("server { listen 8080; access_log a.log; error_log e.log info; latency_log l.hlog;"
                + " location / { root nowhere; } }", "/x");

        assertEquals(List.of("x.conf"), List.of(folder.toFile().list()));
        assertEquals(List.of(folder.resolve("a.log") + ", format combined", "latency log, as _/",
                folder.resolve("e.log") + ", from info"), explained.all("log").stream().map(Explanation::text).toList());
    }

    @Test
    void filesThatCannotBeReadAreForbidden() throws Exception {
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));

        Explanation explained = explain("server { listen 8080; root .; }", "/loop");

        assertEquals("may not be read", explained.all("file").getFirst().text());
        assertEquals(List.of("403", "files"), List.of(explained.value("status").orElseThrow(),
                explained.value("handler").orElseThrow()));
    }

    @Test
    void urlChoosesBetweenTlsAndPlainText() throws Exception {
        TestAuthority.Issued own = TestAuthority.named("CN=Test Authority").issue("a", "a");
        Files.writeString(folder.resolve("a.crt"), own.certificatePem());
        Files.writeString(folder.resolve("a.key"), own.keyPem());
        String http = "server { listen 8443 ssl; ssl_certificate a.crt; ssl_certificate_key a.key; return 301 $scheme://b/; }";

        assertEquals("answers 301 to https://b/", explain(http, "https://a:8443/").all("rewrite").getFirst().text());
        assertEquals("answers 301 to https://b/", explain(http, "/").all("rewrite").getFirst().text());
        Explanation plain = explain(http, "http://a:8443/");
        assertEquals("all addresses of this port, speaks TLS, which this request does not",
                plain.all("listener").getFirst().text());
        assertEquals("400", plain.value("status").orElseThrow());
    }

    @Test
    void certificateThatCannotBeReadIsReported() {
        String http = "server { listen 8443 ssl; ssl_certificate none.crt; ssl_certificate_key none.key; }";

        Exception problem = assertThrows(Exception.class, () -> explain(http, "https://a:8443/"));

        assertTrue(problem.getMessage().contains("none.crt"), problem::getMessage);
    }

    @Test
    void namesOfPeersAreNotLookedUp() throws Exception {
        Explanation explained = explain("resolver 127.0.0.1:1; server { listen 8080;"
                + " location / { proxy_pass http://$arg_to; } }", "/x?to=app.invalid");

        Explanation peer = explained.all("peer").getFirst();
        assertEquals("app.invalid:80 has no address yet: a running server looks up its name", peer.name() + " " + peer.text());
        assertFalse(explained.all("head").isEmpty());
    }

    @Test
    void headsOfOtherProtocolsAreListed() throws Exception {
        String cgi = "server { listen 8080; location /u { uwsgi_param A $uri; uwsgi_pass 127.0.0.1:1; }"
                + " location /f { fastcgi_param B $arg_x; fastcgi_pass 127.0.0.1:1; }"
                + " location /s { scgi_param C c; scgi_pass 127.0.0.1:1; }"
                + " location /g { grpc_set_header D d; grpc_pass 127.0.0.1:1; } }";

        assertTrue(head(cgi, "/u").startsWith("A=/u\n"), head(cgi, "/u"));
        assertTrue(head(cgi, "/f?x=1").contains("B=1\n"), head(cgi, "/f?x=1"));
        assertTrue(head(cgi, "/s").contains("C=c\n"), head(cgi, "/s"));
        assertTrue(head(cgi, "/g").contains(":path: /g\n") && head(cgi, "/g").contains("d: d\n"), head(cgi, "/g"));
    }

    private String head(String http, String url) throws IOException, ConfigProblems {
        return explain(http, url).all("head").getFirst().value("head").orElseThrow();
    }

    @Test
    void checksThatAskOthersAreNotMade() throws Exception {
        Explanation explained = explain("server { listen 8080; location / { auth_request /auth; mirror /copy;"
                + " proxy_pass http://127.0.0.1:1; } location /auth { proxy_pass http://127.0.0.1:1; } }", "/");

        assertEquals("asks this URI, which is not done here; taken as allowed", explained.all("check").getFirst().text());
        assertEquals("/copy", explained.all("mirror").getFirst().name());
    }

    @Test
    void passwordsAreChecked() throws Exception {
        Files.writeString(folder.resolve("users"), "ann:{PLAIN}secret\n");
        String http = "server { listen 8080; location / { auth_basic x; auth_basic_user_file users;"
                + " proxy_pass http://127.0.0.1:1; } }";

        assertEquals("401", explain(http, "/").value("status").orElseThrow());
        assertEquals("the request has no password", explain(http, "/").all("check").getFirst().text());
        assertEquals("user and password are right",
                explain(http, "/", "Authorization: Basic YW5uOnNlY3JldA==").all("check").getFirst().text());
    }
}

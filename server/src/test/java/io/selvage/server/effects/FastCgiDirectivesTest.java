package io.selvage.server.effects;

import io.selvage.server.proxy.FastCgiWire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.PeerLanguage.upstream;
import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What only peers that speak FastCGI have.
@Timeout(60)
class FastCgiDirectivesTest {

    /// An application that answers with the variables of a request, any number of times on a connection.
    private static Origin echo() throws IOException {
        return Origin.scripted(wire -> {
            FastCgiWire records = new FastCgiWire(wire);
            while (true) {
                String params = records.readParams().toString();
                wire.send(FastCgiWire.output("Status: 200 OK\r\n\r\n" + params + records.readBody()) + FastCgiWire.end());
            }
        });
    }

    private static String received(String target, String directives) throws IOException {
        try (Origin origin = echo();
             TestServer server = site("location / { fastcgi_pass " + origin.address() + "; " + directives + " }")) {
            return body(server.get(target));
        }
    }

    @Test
    @Effect("fastcgi_param")
    void fastcgiParamSetsAVariable() throws IOException {
        assertTrue(received("/x", "fastcgi_param ODD <$uri>; fastcgi_param NONE $arg_a if_not_empty;")
                .contains("{=close, ODD=</x>, HTTP_HOST=a"));
        assertTrue(received("/x?a=1", "fastcgi_param NONE $arg_a if_not_empty;").contains("{=close, NONE=1, HTTP_HOST=a"));
    }

    @Test
    @Effect("fastcgi_index")
    void fastcgiIndexEndsTheNameOfAFolder() throws IOException {
        String param = "fastcgi_param S $fastcgi_script_name; ";
        assertTrue(received("/x/", param).contains("S=/x/,"));
        assertTrue(received("/x/", param + "fastcgi_index index.php;").contains("S=/x/index.php,"));
        assertTrue(received("/x", param + "fastcgi_index index.php;").contains("S=/x,"));
    }

    @Test
    @Effect("fastcgi_split_path_info")
    void fastcgiSplitPathInfoDividesThePath() throws IOException {
        String params = "fastcgi_param S $fastcgi_script_name; fastcgi_param P $fastcgi_path_info; ";
        String split = params + "fastcgi_split_path_info ^(.+?\\.php)(/.*)$;";
        assertTrue(received("/a.php/b/c", params).contains("S=/a.php/b/c, P=,"));
        assertTrue(received("/a.php/b/c", split).contains("S=/a.php, P=/b/c,"));
        assertTrue(received("/other", split).contains("S=/other, P=,"));
    }

    /// The usual way to find out whether there is such a script, and to keep what follows its name.
    @Test
    void tryFilesMayLookForTheScript() throws IOException {
        try (Origin origin = echo(); TestServer server = site("""
                location ~ \\.php {
                    fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
                    try_files $fastcgi_script_name =404;
                    fastcgi_param S $document_root$fastcgi_script_name;
                    fastcgi_param Q $query_string;
                    fastcgi_pass %s;
                }""".formatted(origin.address()), "a.php", "")) {
            String found = body(server.get("/a.php/b?c"));
            assertTrue(found.contains("S=" + server.folder() + "/a.php, Q=c"), found);
            assertEquals(404, status(server.get("/b.php")));
        }
    }

    @Test
    @Effect("fastcgi_keep_conn")
    void fastcgiKeepConnUsesAConnectionAgain() throws IOException {
        try (Origin origin = echo();
             TestServer without = site("location / { fastcgi_pass " + origin.address() + "; }");
             TestServer with = site("location / { fastcgi_keep_conn on; fastcgi_pass " + origin.address() + "; }")) {
            assertTrue(body(without.get("/")).contains("{=close"));
            without.get("/");
            assertEquals(2, origin.connections());
            try (var client = with.connect()) {
                String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
                client.send(get).readHead();
                client.send(get).readHead();
                assertTrue(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readToEnd().contains("{=keep"));
            }
            assertEquals(3, origin.connections());
        }
    }

    @Test
    @Effect("fastcgi_catch_stderr")
    void fastcgiCatchStderrMakesAResponseInvalid() throws IOException {
        Origin.Script bad = wire -> {
            new FastCgiWire(wire).readParams();
            wire.send(FastCgiWire.error("PHP Fatal error: x\n") + FastCgiWire.output("Content-Length: 5\r\n\r\nempty")
                    + FastCgiWire.end());
            wire.end();
        };
        try (Origin failing = Origin.scripted(bad); Origin good = PeerLanguage.FASTCGI.answering("Status: 201\r\n\r\n");
             TestServer usual = site("location / { fastcgi_pass " + failing.address() + "; }");
             TestServer next = http(upstream(failing.address(), good.address()) + """
                     server {
                         listen 127.0.0.1:0;
                         location / {
                             fastcgi_pass app;
                             fastcgi_catch_stderr "PHP Parse error"; fastcgi_catch_stderr "PHP Fatal error";
                             fastcgi_next_upstream invalid_header;
                         }
                     }""")) {
            assertEquals("empty", body(usual.get("/")));
            assertTrue(usual.errorLog().getFirst().contains("FastCGI sent in stderr: \"PHP Fatal error: x\" while reading"
                    + " response header from upstream"));
            assertEquals(201, status(next.get("/")));
        }
    }
}

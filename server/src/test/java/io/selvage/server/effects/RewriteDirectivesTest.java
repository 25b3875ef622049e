package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives that change where a request goes.
@Timeout(60)
class RewriteDirectivesTest {
    private static final String OTHER = "location = /b { return 200 '$uri $args'; }";

    private static TestServer location(String text, String... files) throws IOException {
        return site("location / { " + text + " }" + OTHER, files);
    }

    private static void answers(String expected, TestServer server, String target) throws IOException {
        String answer = server.get(target);
        assertEquals(expected, status(answer) + " " + body(answer));
    }

    @Test
    @Effect("rewrite")
    void rewriteFindsAnotherLocation() throws IOException {
        try (TestServer server = location("rewrite ^/a/(.*)$ /b?x=$1;")) {
            answers("200 /b x=1&y=2", server, "/a/1?y=2");
        }
    }

    @Test
    void questionMarkAtTheEndOfARewriteDropsTheQuery() throws IOException {
        try (TestServer server = location("rewrite ^/a/(.*)$ /b?x=$1?;")) {
            answers("200 /b x=1", server, "/a/1?y=2");
        }
    }

    @Test
    void rewriteWithBreakStaysInTheLocation() throws IOException {
        try (TestServer server = location("rewrite ^/a /b break; return 500;", "b", "file")) {
            answers("200 file", server, "/a");
        }
    }

    @Test
    void rewriteWithoutAFlagGoesOnWithTheNextDirective() throws IOException {
        try (TestServer server = location("rewrite ^/a /c; rewrite ^/c /b;")) {
            answers("200 /b ", server, "/a");
        }
    }

    @Test
    void rewriteRedirectsTheClient() throws IOException {
        try (TestServer server = location("""
                rewrite ^/a(.*) /x$1 redirect;
                rewrite ^/c(.*) /x$1 permanent;
                rewrite ^/d(.*) https://other.test$1?d=1;
                """)) {
            String at = "http://a:" + server.address().getPort();
            assertEquals("302 " + at + "/x/1?y", redirect(server.get("/a/1?y")));
            assertEquals("301 " + at + "/x", redirect(server.get("/c")));
            assertEquals("302 https://other.test/e?d=1&y", redirect(server.get("/d/e?y")));
        }
    }

    private static String redirect(String answer) {
        return status(answer) + " " + field(answer, "Location");
    }

    @Test
    void captureThatWasDecodedIsEncodedInAQueryAndARedirect() throws IOException {
        try (TestServer server = location("rewrite ^/a/(.*)$ /b?x=$1; rewrite ^/c/(.*)$ /x/$1 redirect;")) {
            answers("200 /b x=1%262", server, "/a/1%262");
            assertTrue(field(server.get("/c/%0dX:%201"), "Location").endsWith("/x/%0DX:%201"));
        }
    }

    @Test
    void endlessRewriteIsAnErrorThatIsLogged() throws IOException {
        try (TestServer server = location("rewrite ^ /c;")) {
            assertEquals(500, status(server.get("/a")));
            assertTrue(server.errorLog().getFirst().contains("rewrite or internal redirection cycle while processing \"/c\""));
        }
    }

    @Test
    void rewriteOfASiteRunsBeforeItsLocationsAndMayReachInternalOnes() throws IOException {
        try (TestServer server = site("rewrite ^/a /c; location /c { internal; return 200 hidden; }", "b", "b")) {
            answers("200 hidden", server, "/a");
            assertEquals(404, status(server.get("/c/d")));
        }
    }

    @Test
    void rewrittenPathIsPassedWholeAfterBreak() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
             TestServer server = location("rewrite ^/a(.*) /new$1 break; proxy_pass http://" + origin.address() + "/prefix;")) {
            server.get("/a/b%20c?d");
            assertTrue(origin.requests().getFirst().startsWith("GET /new/b%20c?d HTTP/1."), origin.requests()::getFirst);
        }
    }

    @Test
    @Effect("break")
    void breakEndsTheRewrites() throws IOException {
        try (TestServer server = location("if ($arg_stop) { break; } return 200 on;", "a", "file")) {
            answers("200 on", server, "/a");
            answers("200 file", server, "/a?stop=1");
        }
    }

    @Test
    @Effect("set")
    void setGivesAVariableAValue() throws IOException {
        try (TestServer server = location("set $who \"$arg_a!\"; set $who \"$who!\"; return 200 $who;")) {
            answers("200 me!!", server, "/x?a=me");
        }
    }

    @Test
    void setChangesVariablesOfTheServer() throws IOException {
        try (TestServer server = location("set $args x=1; rewrite ^ /b;")) {
            answers("200 /b x=1", server, "/a?y");
        }
    }

    @Test
    void rewritesOfASiteRunOnceWhereNoLocationMatches() throws IOException {
        try (TestServer server = site("set $x \"${x}a\"; rewrite ^/b(.*)$ /bb$1; add_header X $x;", "bb", "file")) {
            String answer = server.get("/b");
            assertEquals("a file", field(answer, "X") + " " + body(answer));
        }
    }

    @Test
    void setVariableIsKeptThroughRedirects() throws IOException {
        try (TestServer server = site("""
                location /a { set $x 1; error_page 404 /c; return 404; }
                location /c { return 200 [$x]; }
                """)) {
            answers("404 [1]", server, "/a");
            answers("200 []", server, "/c");
        }
    }

    @Test
    void setVariableTakesThePlaceOfAField() throws IOException {
        try (TestServer server = location("if ($arg_set) { set $http_x own; } return 200 [$http_x];")) {
            assertEquals("[field]", body(get(server, "/", "X: field\r\n")));
            assertEquals("[own]", body(get(server, "/?set=1", "X: field\r\n")));
        }
    }

    @Test
    @Effect("if")
    void ifTestsValues() throws IOException {
        try (TestServer server = location("""
                if ($arg_a) { return 200 set; }
                if ($arg_b = 1) { return 200 equal; }
                if ($arg_c != "") { return 200 unequal; }
                if ($uri ~ ^/(d+)$) { return 200 $1; }
                if ( $uri ~* "^/(?<name>e+)$" ) { return 200 $name; }
                if ($uri !~ /f) { return 200 "no f"; }
                return 200 none;
                """)) {
            answers("200 set", server, "/?a=2");
            answers("200 no f", server, "/?a=0");
            answers("200 equal", server, "/?b=1");
            answers("200 unequal", server, "/?c=1");
            answers("200 ddd", server, "/ddd");
            answers("200 EE", server, "/EE");
            answers("200 none", server, "/f");
        }
    }

    @Test
    void ifTestsFiles() throws IOException {
        try (TestServer server = location("""
                set $is "";
                if (-f $request_filename) { set $is "$is file"; }
                if (-d $request_filename) { set $is "$is folder"; }
                if (-e $request_filename) { set $is "$is there"; }
                if (-x $request_filename) { set $is "$is executable"; }
                if (!-e $request_filename) { set $is "$is missing"; }
                return 200 $is;
                """, "dir/a", "")) {
            answers("200  file there", server, "/dir/a");
            answers("200  folder there executable", server, "/dir");
            answers("200  missing", server, "/dir/b");
        }
    }

    @Test
    void lastMatchingIfDecidesTheSettings() throws IOException {
        try (TestServer server = location("""
                add_header X-A outer;
                if ($arg_b) { add_header X-B 1; }
                if ($arg_c) { add_header X-C 1; root sub; }
                """, "a", "a", "sub/a", "sub")) {
            String none = server.get("/a");
            assertEquals("outer  a", field(none, "X-A") + " " + field(none, "X-B") + " " + body(none));
            String first = server.get("/a?b=1");
            assertEquals(" 1 a", field(first, "X-A") + " " + field(first, "X-B") + " " + body(first));
            String both = server.get("/a?b=1&c=1");
            assertEquals(" 1 sub", field(both, "X-B") + " " + field(both, "X-C") + " " + body(both));
        }
    }

    @Test
    void ifTakesOverTheHandlerOfItsLocation() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npeer");
             TestServer server = site("location /a/ { proxy_pass http://" + origin.address()
                     + "/p/; if ($arg_h) { add_header X-A 1; } }")) {
            String answer = server.get("/a/b?h=1");
            assertEquals("1 peer", field(answer, "X-A") + " " + body(answer));
            assertTrue(origin.requests().getFirst().startsWith("GET /p/b?h=1 "), origin.requests()::getFirst);
        }
    }

    @Test
    void ifHasNoTryFiles() throws IOException {
        try (TestServer server = location("try_files /b =404; if ($arg_a) { }", "a", "a")) {
            answers("200 a", server, "/a?a=1");
            assertEquals(404, status(server.get("/a")));
        }
    }

    @Test
    void capturesEndWithAnExpressionThatDoesNotMatch() throws IOException {
        try (TestServer server = site("location ~ ^/(.*)$ { set $a $1; if ($uri ~ nothing) { } return 200 [$a$1]; }")) {
            answers("200 [x]", server, "/x");
        }
    }

    @Test
    @Effect("limit_except")
    void limitExceptAppliesToOtherMethods() throws IOException {
        try (TestServer server = location("limit_except GET { deny all; } return 200 ok;")) {
            answers("200 ok", server, "/");
            assertEquals(403, status(server.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")));
            assertEquals(200, status(server.ask("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
        }
    }

    @Test
    @Effect("rewrite_log")
    void rewriteLogShowsMatchesAndReplacements() throws IOException {
        try (TestServer server = location("rewrite_log on; rewrite ^/a(.*) /b$1 break; rewrite ^/c /d redirect;")) {
            server.get("/a?x");
            server.get("/c");
            String log = String.join("\n", server.errorLog());
            assertTrue(log.contains("[notice] *1 \"^/a(.*)\" matches \"/a\""), log);
            assertTrue(log.contains("[notice] *1 rewritten data: \"/b\", args: \"x\""), log);
            assertTrue(log.contains("[notice] *2 \"^/a(.*)\" does not match \"/c\""), log);
            assertTrue(log.contains("[notice] *2 rewritten redirect: \"/d\""), log);
        }
    }

    @Test
    @Effect("uninitialized_variable_warn")
    void useOfAVariableThatWasNotSetIsLogged() throws IOException {
        String site = """
                location /a { %s return 200 "[$x]$x"; }
                location /b { set $x 1; return 200 $x; }
                """;
        try (TestServer loud = site(site.formatted("")); TestServer silent = site(site.formatted(
                "uninitialized_variable_warn off;"))) {
            answers("200 []", loud, "/a");
            answers("200 1", loud, "/b");
            answers("200 []", silent, "/a");
            assertEquals(1, loud.errorLog().stream().filter(line -> line.contains("using uninitialized \"x\" variable")).count());
            assertEquals(0, silent.errorLog().stream().filter(line -> line.contains("uninitialized")).count());
        }
    }
}

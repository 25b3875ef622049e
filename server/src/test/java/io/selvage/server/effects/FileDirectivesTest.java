package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class FileDirectivesTest {
    /// Longer than the limit for files in memory with `sendfile`.
    private static final String LONG = "x".repeat(100_000);
    /// Steps that depend on the time between two requests are repeated if the machine was busy in between.
    private static final int ATTEMPTS = 20;

    @Test
    @Effect("root")
    void rootNamesTheFolder() throws IOException {
        try (TestServer server = site("location /b/ { root other; }", "a/f", "usual", "b/f", "wrong", "other/b/f", "rooted")) {
            assertEquals("usual", body(server.get("/a/f")));
            assertEquals("rooted", body(server.get("/b/f")));
        }
    }

    /// As in nginx, so that `$document_root$fastcgi_script_name` is the name of a file with single slashes.
    @Test
    void slashAtTheEndOfARootIsNoPartOfIt() throws IOException {
        String show = " return 200 \"$document_root $request_filename\"; }";
        try (TestServer server = site("location /a { root other/;" + show + " location /b { root other/$arg_d/;" + show)) {
            String other = server.folder() + "/other";
            assertEquals(other + " " + other + "/a/f", body(server.get("/a/f")));
            assertEquals(other + "/d " + other + "/d/b", body(server.get("/b?d=d")));
        }
    }

    @Test
    @Effect("alias")
    void aliasReplacesThePrefix() throws IOException {
        try (TestServer server = site("location /b/ { alias other/; }", "b/f", "usual", "other/f", "aliased")) {
            assertEquals("aliased", body(server.get("/b/f")));
        }
    }

    @Test
    @Effect("index")
    void indexNamesTheFileOfADirectory() throws IOException {
        try (TestServer server = site("location /b/ { index main.html; }",
                "a/index.html", "index", "a/main.html", "main", "b/index.html", "index", "b/main.html", "main")) {
            assertEquals("index", body(server.get("/a/")));
            assertEquals("main", body(server.get("/b/")));
        }
    }

    @Test
    @Effect({"types", "default_type"})
    void typesAndDefaultTypeNameTheContent() throws IOException {
        try (TestServer server = site("""
                location /b/ { types { text/odd txt; } }
                location /c/ { default_type text/rest; }
                location /returned/ { types { text/odd txt; } default_type text/rest; return 200 x; }
                """, "a/f.txt", "", "a/f", "", "b/f.txt", "", "c/f", "")) {
            assertEquals("text/plain", field(server.get("/a/f.txt"), "Content-Type"));
            assertEquals("text/odd", field(server.get("/b/f.txt"), "Content-Type"));
            assertEquals("application/octet-stream", field(server.get("/a/f"), "Content-Type"));
            assertEquals("text/rest", field(server.get("/c/f"), "Content-Type"));
            assertEquals("text/odd", field(server.get("/returned/f.txt"), "Content-Type"));
            assertEquals("text/rest", field(server.get("/returned/f"), "Content-Type"));
        }
    }

    @Test
    @Effect("sendfile")
    void sendfileKeepsALongFileOpenInsteadOfCopyingIt() throws IOException {
        try (TestServer server = site("location /b { sendfile on; }", "a", LONG, "b", LONG)) {
            assertEquals(LONG, body(server.get("/a")));
            assertEquals(LONG, body(server.get("/b")));
            assertEquals(List.of("b"), open(server));
        }
    }

    /// The files of the server's folder that this process has open.
    private static List<String> open(TestServer server) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.flatMap(each -> target(each).stream())
                    .filter(path -> path.startsWith(server.folder()) && !path.toString().endsWith(".log"))
                    .map(path -> server.folder().relativize(path).toString()).sorted().toList();
        }
    }

    /// Nothing for a descriptor that was closed in between.
    private static Optional<Path> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Effect("open_file_cache")
    void openFileCacheLimitsHowManyFilesAreRemembered() throws IOException {
        try (TestServer server = site("sendfile on; location /b/ { open_file_cache max=1; }",
                "a/1", LONG, "a/2", LONG, "b/1", LONG, "b/2", LONG)) {
            for (String file : List.of("/a/1", "/a/2", "/b/1", "/b/2")) {
                server.get(file);
            }
            List<String> open = open(server);
            assertTrue(open.containsAll(List.of("a/1", "a/2")), open::toString);
            assertFalse(open.containsAll(List.of("b/1", "b/2")), open::toString);
        }
    }

    @Test
    @Effect("open_file_cache_min_uses")
    void openFileCacheMinUsesOpensAFileAtTheGivenRequest() throws IOException {
        try (TestServer server = site("sendfile on; open_file_cache max=9; location /b { open_file_cache_min_uses 2; }",
                "a", LONG, "b", LONG)) {
            server.get("/a");
            server.get("/b");
            assertEquals(List.of("a"), open(server));
            server.get("/b");
            assertEquals(List.of("a", "b"), open(server));
        }
    }

    @Test
    @Effect("open_file_cache_valid")
    void openFileCacheValidShortensHowLongAChangeGoesUnseen() throws IOException {
        try (TestServer server = site("open_file_cache max=9; location /b { open_file_cache_valid 1ms; }")) {
            boolean seen = false;
            for (int i = 0; i < ATTEMPTS && !seen; i++) {
                String a = "/a" + i;
                String b = "/b" + i;
                write(server, a + b, "old");
                assertEquals("oldold", body(server.get(a)) + body(server.get(b)));
                write(server, a + b, "newer");
                String fresh = body(server.get(b));
                while (fresh.equals("old")) {              // until a millisecond has passed since the last look at the file
                    fresh = body(server.get(b));
                }
                assertEquals("newer", fresh);
                seen = body(server.get(a)).equals("old");
            }
            assertTrue(seen);
        }
    }

    private static void write(TestServer server, String names, String content) throws IOException {
        for (String name : names.substring(1).split("/")) {
            Files.writeString(server.folder().resolve(name), content);
        }
    }

    @Test
    @Effect("open_file_cache_errors")
    void openFileCacheErrorsRemembersThatAFileIsMissing() throws IOException {
        try (TestServer server = site("open_file_cache max=9; location /b { open_file_cache_errors on; }")) {
            boolean seen = false;
            for (int i = 0; i < ATTEMPTS && !seen; i++) {
                String a = "/a" + i;
                String b = "/b" + i;
                assertEquals(404, status(server.get(a)));
                assertEquals(404, status(server.get(b)));
                write(server, a + b, "new");
                int remembered = status(server.get(b));
                assertEquals(200, status(server.get(a)));
                seen = remembered == 404;
            }
            assertTrue(seen);
        }
    }

    @Test
    @Effect("etag")
    void etagIsSentUnlessItIsOff() throws IOException {
        try (TestServer server = site("location /b { etag off; }", "a", "", "b", "")) {
            assertFalse(field(server.get("/a"), "ETag").isEmpty());
            assertEquals("", field(server.get("/b"), "ETag"));
        }
    }

    @ParameterizedTest
    @CsvSource({"exact, 304, 200", "before, 304, 304", "off, 200, 200"})
    @Effect("if_modified_since")
    void ifModifiedSinceSaysWhichDatesCount(String how, int same, int later) throws IOException {
        try (TestServer server = site("if_modified_since " + how + ";", "a", "")) {
            String date = field(server.get("/a"), "Last-Modified");
            assertEquals(same, status(get(server, "/a", "If-Modified-Since: " + date + "\r\n")));
            assertEquals(later, status(get(server, "/a", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n")));
        }
    }

    @Test
    @Effect("max_ranges")
    void maxRangesLimitsTheRangesOfARequest() throws IOException {
        try (TestServer server = site("location /b { max_ranges 1; }", "a", "0123456789", "b", "0123456789")) {
            String two = "Range: bytes=0-1,4-5\r\n";
            assertEquals(206, status(get(server, "/a", two)));
            assertEquals(200, status(get(server, "/b", two)));
        }
    }

    @Test
    @Effect("try_files")
    void tryFilesGoesOnToTheNextCandidate() throws IOException {
        try (TestServer server = site("location /b/ { try_files $uri /rest; }", "rest", "tried")) {
            assertEquals(404, status(server.get("/a/missing")));
            assertEquals("tried", body(server.get("/b/missing")));
        }
    }

    @Test
    @Effect("log_not_found")
    void logNotFoundReportsMissingFiles() throws IOException {
        try (TestServer server = site("location /b/ { log_not_found off; }", "a/d/f", "")) {
            server.get("/a/f");
            server.get("/a/none/");
            server.get("/b/f");
            server.get("/b/none/");
            Path folder = server.folder();
            List<String> log = server.errorLog();
            assertEquals(2, log.size(), log::toString);
            assertTrue(log.getFirst().matches("\\[error] \\*\\d+ open\\(\\) \"" + folder
                    + "/a/f\" failed \\(2: No such file or directory\\), client: 127.0.0.1, server: , "
                    + "request: \"GET /a/f HTTP/1.1\", host: \"a\""), log::toString);
            assertTrue(log.getLast().contains("\"" + folder + "/a/none/index.html\" is not found (2: No such"), log::toString);
        }
    }

    /// A link to itself represents a file without read permission: root, who may run the tests, may read every other file.
    @Test
    void filesThatMayNotBeSentAreReportedInAnyCase() throws IOException {
        try (TestServer server = site("log_not_found off; location /tried { try_files $uri =404; }", "d/f", "")) {
            Files.createSymbolicLink(server.folder().resolve("loop"), Path.of("loop"));
            Files.createSymbolicLink(server.folder().resolve("tried"), Path.of("tried"));
            assertEquals(403, status(server.get("/d/")));
            assertEquals(403, status(server.get("/loop")));
            assertEquals(404, status(server.get("/tried")));
            List<String> log = server.errorLog();
            assertTrue(log.get(0).startsWith("[error]") && log.get(0).contains(
                    " directory index of \"" + server.folder() + "/d/\" is forbidden, client: "), log::toString);
            assertTrue(log.get(1).startsWith("[error]") && log.get(1).contains(
                    " open() \"" + server.folder() + "/loop\" failed (13: Permission denied), client: "), log::toString);
            assertTrue(log.get(2).startsWith("[crit]") && log.get(2).contains(
                    " stat() \"" + server.folder() + "/tried\" failed (13: Permission denied), client: "), log::toString);
        }
    }
}

package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Answers for folders.
@Timeout(60)
class FolderDirectivesTest {
    private static final Instant TIME = Instant.parse("2026-09-28T15:04:05Z");

    private static TestServer listing(String directives, String... files) throws IOException {
        TestServer server = site("location /f/ { autoindex on; " + directives + " }", files);
        for (int i = 0; i < files.length; i += 2) {
            Path file = server.folder().resolve(files[i]);
            Files.setLastModifiedTime(file, FileTime.from(TIME));
            Files.setLastModifiedTime(file.getParent(), FileTime.from(TIME));
        }
        return server;
    }

    @Test
    @Effect("autoindex")
    void autoindexShowsTheFilesOfAFolder() throws IOException {
        try (TestServer server = listing("", "f/a & b.txt", "hello", "f/.hidden", "", "f/d/x", "", "g/x", "")) {
            assertEquals(403, status(server.get("/g/")));
            String page = server.get("/f/");
            assertEquals(200, status(page));
            assertEquals("text/html", field(page, "Content-Type"));
            assertTrue(body(page).contains("<a href=\"a%20%26%20b.txt\">a &amp; b.txt</a>"), page);
            assertTrue(body(page).indexOf(">d/</a>") < body(page).indexOf("a &amp; b.txt</a>"), page);
            assertFalse(body(page).contains(".hidden"), page);
            assertTrue(body(page).contains("<a href=\"../\">../</a>"), page);
        }
    }

    @Test
    void listingIsForReadingOnlyAndLeavesTheIndexFileFirst() throws IOException {
        try (TestServer server = listing("", "f/a", "", "f/i/index.html", "index")) {
            assertEquals("index", body(server.get("/f/i/")));
            assertEquals(403, status(server.ask("POST /f/ HTTP/1.0\r\nHost: a\r\n\r\n")));
            assertEquals(404, status(server.get("/f/none/")));
        }
    }

    @Test
    void pageIsOrderedByTheChosenColumn() throws IOException {
        try (TestServer server = listing("", "f/a", "1", "f/b", "333", "f/c", "22")) {
            assertEquals("abc", names(server.get("/f/")));
            assertEquals("cba", names(server.get("/f/?sort=name&order=desc")));
            assertEquals("acb", names(server.get("/f/?sort=size")));
            assertEquals("bca", names(server.get("/f/?sort=size&order=desc")));
        }
    }

    private static String names(String page) {
        return body(page).replaceAll("(?s).*?<a href=\"([abc])\">\\1</a>|.", "$1");
    }

    @Test
    @Effect("autoindex_exact_size")
    void autoindexExactSizeShowsBytes() throws IOException {
        try (TestServer exact = listing("", "f/a", "x".repeat(2048)); TestServer rounded =
                listing("autoindex_exact_size off;", "f/a", "x".repeat(2048))) {
            assertTrue(body(exact.get("/f/")).contains(">2048</data>"));
            assertTrue(body(rounded.get("/f/")).contains(">2.0 KiB</data>"));
        }
    }

    @Test
    @Effect("autoindex_localtime")
    void autoindexLocaltimeUsesTheZoneOfTheMachine() throws IOException {
        try (TestServer utc = listing("", "f/a", ""); TestServer local = listing("autoindex_localtime on;", "f/a", "")) {
            assertTrue(body(utc.get("/f/")).contains(">2026-09-28 15:04</time>"));
            String time = TIME.atZone(ZoneId.systemDefault()).toLocalDateTime().toString().replace('T', ' ').substring(0, 16);
            assertTrue(body(local.get("/f/")).contains(">" + time + "</time>"));
        }
    }

    @Test
    @Effect("autoindex_format")
    void autoindexFormatIsForPrograms() throws IOException {
        try (TestServer json = listing("autoindex_format json;", "f/a\"b", "hello", "f/d/x", "");
             TestServer xml = listing("autoindex_format xml;", "f/a<b", "hello", "f/d/x", "")) {
            assertEquals("application/json", field(json.get("/f/"), "Content-Type"));
            assertEquals("[\r\n"
                    + "{ \"name\":\"d\", \"type\":\"directory\", \"mtime\":\"Mon, 28 Sep 2026 15:04:05 GMT\" },\r\n"
                    + "{ \"name\":\"a\\\"b\", \"type\":\"file\", \"mtime\":\"Mon, 28 Sep 2026 15:04:05 GMT\", \"size\":5 }\r\n]",
                    body(json.get("/f/")));
            assertEquals("text/xml; charset=utf-8", field(xml.get("/f/"), "Content-Type"));
            assertEquals("<?xml version=\"1.0\"?>\r\n<list>\r\n"
                    + "<directory mtime=\"2026-09-28T15:04:05Z\">d</directory>\r\n"
                    + "<file mtime=\"2026-09-28T15:04:05Z\" size=\"5\">a&lt;b</file>\r\n</list>\r\n", body(xml.get("/f/")));
        }
    }

    @Test
    void jsonpCallsTheFunctionThatIsNamed() throws IOException {
        try (TestServer server = listing("autoindex_format jsonp;", "f/d/x", "")) {
            String called = server.get("/f/?callback=my.call_1");
            assertEquals("application/javascript", field(called, "Content-Type"));
            assertTrue(body(called).startsWith("/* callback */\r\nmy.call_1([\r\n{ \"name\":\"d\""), called);
            assertTrue(body(called).endsWith("]);"), called);
            assertEquals("application/json", field(server.get("/f/"), "Content-Type"));
            assertEquals(400, status(server.get("/f/?callback=a(")));
        }
    }

    @Test
    @Effect("disable_symlinks")
    void disableSymlinksForbidsLinks() throws IOException {
        String locations = """
            location /on/ { disable_symlinks on; }
            location /from/ { disable_symlinks on from=$document_root/from; }
            location /owner/ { disable_symlinks if_not_owner; }
            location /try/ { disable_symlinks on; try_files $uri /dir/file; }
            """;
        try (TestServer server = site(locations, "file", "file", "dir/file", "in", "on/real", "real")) {
            Path folder = server.folder();
            for (String name : List.of("on", "from", "owner", "try", "off")) {
                Files.createDirectories(folder.resolve(name));
                Files.createSymbolicLink(folder.resolve(name).resolve("link"), Path.of("../file"));
                Files.createSymbolicLink(folder.resolve(name).resolve("dir"), Path.of("../dir"));
            }
            assertEquals("file", body(server.get("/off/link")));
            assertEquals("real", body(server.get("/on/real")));
            assertEquals(403, status(server.get("/on/link")));
            assertEquals(403, status(server.get("/on/dir/file")));
            assertEquals(404, status(server.get("/on/none")));
            assertEquals(403, status(server.get("/from/link")));
            assertEquals("file", body(server.get("/owner/link")));
            assertEquals("in", body(server.get("/try/link")));
        }
    }

    /// Only root can give a link to another user; with any other user the test sees that a link of one's own is followed.
    @Test
    void linkOfAnotherOwnerIsForbidden() throws IOException {
        boolean root = System.getProperty("user.name").equals("root");
        try (TestServer server = site("disable_symlinks if_not_owner;", "file", "file")) {
            Path link = Files.createSymbolicLink(server.folder().resolve("link"), Path.of("file"));
            assertEquals("file", body(server.get("/link")));
            if (root) {
                Files.setAttribute(link, "unix:uid", 65_534, LinkOption.NOFOLLOW_LINKS);
            }
            assertEquals(root ? 403 : 200, status(server.get("/link")));
        }
    }

    @Test
    @Effect("random_index")
    void randomIndexAnswersWithAnyFile() throws IOException {
        try (TestServer server = site("location /f/ { random_index on; } location /e/ { random_index on; }",
                "f/a", "a", "f/b", "b", "f/.c", "c", "f/d/e", "e", "e/.c", "")) {
            Set<String> answers = new HashSet<>();
            while (answers.size() < 2) {
                answers.add(body(get(server, "/f/", "")));
            }
            assertEquals(Set.of("a", "b"), answers);
            assertEquals(403, status(server.get("/e/")));
        }
    }
}

package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileCacheSettings;
import io.selvage.cache.OpenFiles;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Folder;
import io.selvage.server.http.InWords;
import io.selvage.server.http.Text;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FileHandlerTest {
    private static final String MISSING = "bare 404 Not Found";
    private static final String FORBIDDEN = "bare 403 Forbidden";
    private static final String NOT_ALLOWED = "bare 405 Not Allowed\nAllow: GET, HEAD\n";

    @TempDir Path place;
    Shop shop;

    @BeforeEach void open() throws IOException {
        shop = new Shop(place);
    }

    @Test void fileIsAnswered() throws Exception {
        shop.write("a.html", "hello");
        assertEquals("""
                200 OK
                Content-Type: text/html
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                ETag: "2ebc98a1-5"
                Accept-Ranges: bytes

                hello""", shop.get("/a.html"));
    }

    @Test void fileOnDiskIsAnsweredTheSame() throws Exception {
        shop.write("a.html", "hello");
        Shop plain = new Shop(place, FileCacheSettings.off());
        assertEquals(shop.get("/a.html"), plain.get("/a.html"));
    }

    @Test void openFileIsAnsweredTheSameAndStaysOpen() throws Exception {
        shop.write("a.html", "hello");
        Shop keeping = new Shop(place, FileCacheSettings.standard().withMaxFileSize(1), new OpenFiles(1));
        String first = keeping.get("/a.html");
        Answer.Reply reply = (Answer.Reply) keeping.files().handle(keeping.exchange("GET", "/a.html"));
        var part = (Body.FilePart) reply.body();
        assertEquals(5, part.start().remaining());
        reply.body().close();
        assertEquals(5, part.file().read(ByteBuffer.allocate(10), 0));
        assertEquals(shop.get("/a.html"), first);
        assertEquals(shop.get("/a.html"), keeping.get("/a.html"));
    }

    @Test void fileReplacedWhileItIsSentIsSentCompletely() throws Exception {
        Shop keeping = new Shop(place, FileCacheSettings.standard().withMaxFileSize(1), new OpenFiles(1));
        keeping.write("a", "hello");
        Answer.Reply reply = (Answer.Reply) keeping.files().handle(keeping.exchange("GET", "/a"));
        Files.move(keeping.write("fresh", "longer than that"), keeping.www.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
        keeping.secondPasses();
        assertEquals("longer than that", keeping.body("/a"));
        assertEquals("hello", InWords.of(reply.body()));
        reply.body().close();
        assertThrows(ClosedChannelException.class, () -> ((Body.FilePart) reply.body()).file().read(ByteBuffer.allocate(1), 0));
        assertEquals("longer than that", keeping.body("/a"));
    }

    @Test void longFileIsNotSentForAnotherMethod() throws Exception {
        Shop keeping = new Shop(place, FileCacheSettings.standard().withMaxFileSize(1), new OpenFiles(1));
        keeping.write("a", "hello");
        assertEquals(NOT_ALLOWED, keeping.ask(keeping.files(), "POST", "/a"));
    }

    @Test void answerWithoutEtagOrType() throws Exception {
        shop.write("a", "hello");
        var handler = new FileHandler(shop.cache, List.of(), new MimeTypes(Shop.TYPES.byExtension(), ""), false,
                FolderAnswers.NONE,
                MissingFileLog.SILENT);
        assertEquals("200 OK\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nAccept-Ranges: bytes\n\nhello",
                shop.ask(handler, "GET", "/a"));
    }

    @ParameterizedTest
    @CsvSource({"/a.html,text/html", "/a.HTML,text/html", "/a.min.css,text/css", "/a.,other", "/a,other", "/.html,other",
        "/x.html/a,other", "/a.html.bak,other", "/.a.html,text/html"})
    void extensionDeterminesTheType(String path, String type) {
        assertEquals(type, new MimeTypes(Shop.TYPES.byExtension(), "other").of(path));
    }

    @Test void headIsAnsweredLikeGet() throws Exception {
        shop.write("a.html", "hello");
        assertEquals(shop.get("/a.html"), shop.ask(shop.files(), "HEAD", "/a.html"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW", "get"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        shop.write("a", "hello");
        for (String path : List.of("/a", "/nothing", "/")) {
            assertEquals(NOT_ALLOWED, shop.ask(shop.files("a"), method, path));
        }
    }

    @Test void postToAFileIsNotAllowed() throws Exception {
        shop.write("a", "hello");
        assertEquals(NOT_ALLOWED, shop.ask(shop.files(), "POST", "/a"));
        assertEquals(MISSING, shop.ask(shop.files(), "POST", "/nothing").strip());
        assertEquals("elsewhere /a", shop.ask(shop.files("a"), "POST", "/"));
    }

    @Test void directoryRedirectsToItsIndex() throws Exception {
        Files.createDirectory(shop.www.resolve("dir"));
        shop.write("dir/second", "x");
        assertEquals("elsewhere /dir/second?a=b", shop.ask(shop.files("first", "second"), "GET", "/dir/?a=b"));
        assertEquals("elsewhere /last", shop.ask(shop.files("first", "/last"), "GET", "/dir/"));
        assertEquals(FORBIDDEN, shop.ask(shop.files("first"), "GET", "/dir/").strip());
        assertEquals(MISSING, shop.ask(shop.files("first"), "GET", "/nothing/").strip());
        assertEquals(MISSING, shop.ask(shop.files("first"), "GET", "/dir/second/").strip());
    }

    @Test void directoryWithoutSlashIsRedirected() throws Exception {
        Files.createDirectory(shop.www.resolve("dir"));
        assertEquals("bare 301 Moved Permanently\nLocation: /dir/\n", shop.get("/dir"));
        assertEquals("bare 301 Moved Permanently\nLocation: /dir/?a=%20b\n", shop.get("/dir?a=%20b"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "a%20b,                   /a%20b/",
        "a%0d%0aSet-Cookie:%20x,  /a%0D%0ASet-Cookie:%20x/",
        "a%3fb%23c%25d,           /a%3Fb%23c%25d/",
        "%c3%a4,                  /%C3%A4/",
        "%e4,                     /%E4/",
        "%5cevil.example,         /%5Cevil.example/",
        "%22%3e,                  /%22%3E/",
        "/evil.example,           /evil.example/",
        "//evil.example,          /evil.example/"})
    void redirectIsEncodedAndKeepsTheHost(String target, String location) throws Exception {
        var exchange = shop.exchange("GET", "/" + target);
        Files.createDirectories(Path.of(URI.create("file://" + shop.www + "/" + target)));
        assertEquals("bare 301 Moved Permanently\nLocation: " + location + "\n", InWords.of(shop.files().handle(exchange)));
    }

    @Test void queryCannotInjectIntoTheRedirect() throws Exception {
        Files.createDirectory(shop.www.resolve("dir"));
        var exchange = shop.exchange("GET", "/");
        exchange.routing().redirect("/dir", "a=\r\nSet-Cookie: x");
        assertEquals("bare 301 Moved Permanently\nLocation: /dir/?a=%0D%0ASet-Cookie:%20x\n",
                InWords.of(shop.files().handle(exchange)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/../private/secret", "/a/../../private/secret", "/..", "/../", "/%2e%2e/private/secret", "/..%2fprivate%2fsecret",
        "/%2e%2e%2fprivate/secret", "/a%00", "/%00", "/a%00.html", "/..%5cprivate%5csecret", "/%252e%252e/private/secret",
        "/..;/private/secret", "/.../private/secret", "/%c0%ae%c0%ae/private/secret", "/%e0%80%ae%e0%80%ae/private/secret",
        "/a/", "/a/.", "/a%20", "/a.", "*", "private/secret"})
    void noEncodedPathLeavesTheRoot(String target) throws Exception {
        shop.write("a", "hello");
        assertEquals(MISSING, shop.get(target).strip());
    }

    @Test void aliasOfAPrefixWithoutSlashStaysInItsFolder() throws Exception {
        shop.write("a", "hello");
        shop.alias("/img", "/");
        assertTrue(shop.get("/img/a").endsWith("hello"));
        assertTrue(shop.get("/imga").endsWith("hello"));
        assertEquals(MISSING, shop.get("/img../private/secret").strip());
        assertEquals(MISSING, shop.get("/img..").strip());
        assertEquals(MISSING, shop.get("/img../").strip());
    }

    @Test void aliasReplacesThePrefix() throws Exception {
        Files.createDirectory(shop.www.resolve("dir"));
        shop.write("dir/a", "hello");
        assertTrue(shop.alias("/img/", "/dir/").get("/img/a").endsWith("hello"));
        assertTrue(shop.alias("/img/exact", "/dir/a").get("/img/exact").endsWith("hello"));
        assertTrue(shop.in(new Folder(_ -> shop.www + "/dir/a", Integer.MAX_VALUE)).get("/by/expression").endsWith("hello"));
        assertEquals("bare 301 Moved Permanently\nLocation: /img/\n", shop.alias("/img", "/dir").get("/img"));
    }

    @Test void missingFolderIs404() throws Exception {
        assertEquals(MISSING, shop.in(Folder.NONE).get("/etc/passwd").strip());
        assertEquals(MISSING, shop.in(new Folder(Text.literal("relative"), 0)).get("/etc/passwd").strip());
        String out = shop.www + "/../private";
        assertEquals(MISSING, shop.in(new Folder(_ -> out, 0)).get("/secret").strip());
    }

    @Test void dotFilesAreFiles() throws Exception {
        shop.write(".well-known", "hello");
        assertEquals("hello", shop.body("/.well-known"));
    }

    @Test void linksAreFollowed() throws Exception {
        Files.createSymbolicLink(shop.www.resolve("out"), Path.of("../private"));
        Files.createSymbolicLink(shop.www.resolve("dangling"), Path.of("nothing"));
        Files.createSymbolicLink(shop.www.resolve("loop"), Path.of("loop"));
        assertEquals("secret", shop.body("/out/secret"));
        assertEquals(MISSING, shop.body("/dangling"));
        assertEquals(FORBIDDEN, shop.body("/loop"));
    }

    @Test void pipeIs404WithoutWaiting() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", shop.www.resolve("pipe").toString()).start().waitFor());
        assertEquals(MISSING, assertTimeoutPreemptively(Duration.ofSeconds(50), () -> shop.body("/pipe")));
    }

    @Test void namesAreBytes() throws Exception {
        for (String name : List.of("%C3%A4", "%E4", "%E2%82%AC", "a%20b", "%25", "%FF%FE", "a%3Fb", "%0A")) {
            Files.writeString(Path.of(URI.create("file://" + shop.www + "/" + name)), name);
            assertEquals(name, shop.body("/" + name));
        }
    }

    @Test void veryLongNameIs404() throws Exception {
        assertEquals(MISSING, shop.body("/" + "a".repeat(300)));
        assertEquals(MISSING, shop.body("/a".repeat(5000)));
    }

    @Test void changeIsVisibleWithinASecond() throws Exception {
        Path file = shop.write("a", "hello");
        shop.get("/a");
        Files.writeString(file, "changed");
        shop.secondPasses();
        assertEquals("changed", shop.body("/a"));
        assertFalse(shop.get("/a").contains("2ebc98a1-5"));
        Files.delete(file);
        shop.secondPasses();
        assertEquals(MISSING, shop.body("/a"));
        shop.write("a", "again");
        shop.secondPasses();
        assertEquals("again", shop.body("/a"));
    }

    @Test void removedFolderIs404() throws Exception {
        Files.createDirectory(shop.www.resolve("dir"));
        Path file = shop.write("dir/a", "hello");
        shop.get("/dir/a");
        Files.delete(file);
        Files.delete(shop.www.resolve("dir"));
        shop.secondPasses();
        assertEquals(MISSING, shop.body("/dir/a"));
        assertEquals(MISSING, shop.body("/dir/"));
    }

    @Test void tagAndBytesBelongToOneFile() throws Exception {
        Shop big = new Shop(place, FileCacheSettings.standard().withMaxFileSize(1));
        big.write("a", "hello");
        big.get("/a");
        Files.move(big.write("fresh", "longer than that"), big.www.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
        String answer = big.get("/a");
        assertTrue(answer.endsWith("longer than that") && answer.contains("\"2ebc98a1-10\""), answer);
    }

    @Test void truncatedFileKeepsItsLengthAndEndsEarly() throws Exception {
        Shop big = new Shop(place, FileCacheSettings.standard().withMaxFileSize(1));
        Path file = big.write("a", "0123456789");
        Answer.Reply reply = (Answer.Reply) big.files().handle(big.exchange("GET", "/a"));
        try (var other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            other.truncate(4);
        }
        assertEquals(10, reply.body().length().orElseThrow());
        assertEquals("0123", InWords.of(reply.body()));
        reply.body().close();
        assertThrows(ClosedChannelException.class, () -> ((Body.FilePart) reply.body()).file().read(ByteBuffer.allocate(1), 0));
        big.secondPasses();
        assertEquals("0123", big.body("/a"));
    }

    @Test void bytesInMemoryDoNotDependOnTheFile() throws Exception {
        Path file = shop.write("a", "0123456789");
        Answer.Reply reply = (Answer.Reply) shop.files().handle(shop.exchange("GET", "/a"));
        try (var other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            other.truncate(4);
        }
        assertEquals("0123456789", InWords.of(reply.body()));
    }

    @Test void diskErrorIsAFailure() throws Exception {
        Path file = shop.write("a", "hello");
        var cache = new FileCache(FileCacheSettings.standard(), () -> 0, InstantSource.system(), read -> {
            assertTrue(file.toFile().delete() && file.toFile().mkdir());
            read.run();
        }, new OpenFiles(0));
        var handler = new FileHandler(cache, List.of(), Shop.TYPES, true, FolderAnswers.NONE, MissingFileLog.SILENT);
        var failure = assertThrows(Failure.class, () -> handler.handle(shop.exchange("GET", "/a")));
        assertEquals(500, failure.status().code());
    }
}

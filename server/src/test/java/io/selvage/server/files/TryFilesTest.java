package io.selvage.server.files;

import io.selvage.server.files.TryFiles.Candidate;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TryFilesTest {
    private static final Text URI = e -> e.routing().path();
    private static final Candidate FILE = new Candidate(URI, false);
    private static final Candidate DIRECTORY = new Candidate(URI, true);
    private static final Handler NOT_FOUND = _ -> new Answer.StatusOnly(Status.NOT_FOUND);

    @TempDir Path place;
    Shop shop;

    @BeforeEach void open() throws IOException {
        shop = new Shop(place);
        Files.createDirectory(shop.www.resolve("dir"));
        shop.write("found.html", "found");
        shop.write("dir/index.html", "index");
    }

    private Handler tries(Handler fallback, Candidate... candidates) {
        return new TryFiles(shop.cache, List.of(candidates), fallback, shop.files("index.html"), MissingFileLog.SILENT);
    }

    private static Candidate file(String path) {
        return new Candidate(Text.literal(path), false);
    }

    @Test void firstExistingCandidateAnswers() throws Exception {
        assertTrue(shop.ask(tries(NOT_FOUND, FILE), "GET", "/found.html").endsWith("found"));
        assertTrue(shop.ask(tries(NOT_FOUND, FILE, file("/nothing"), file("/found.html")), "GET", "/a/b/c").endsWith("found"));
    }

    @Test void typeIsThatOfTheCandidate() throws Exception {
        assertTrue(shop.ask(tries(NOT_FOUND, FILE, file("/found.html")), "GET", "/a").contains("Content-Type: text/html"));
    }

    @Test void slashSelectsDirectories() throws Exception {
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, FILE), "GET", "/dir"));
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, FILE), "GET", "/dir/"));
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, DIRECTORY), "GET", "/found.html"));
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, FILE), "GET", "/found.html/"));
        assertEquals("elsewhere /dir/index.html", shop.ask(tries(NOT_FOUND, FILE, DIRECTORY), "GET", "/dir/"));
        assertEquals("bare 301 Moved Permanently\nLocation: /dir/\n", shop.ask(tries(NOT_FOUND, FILE, DIRECTORY), "GET", "/dir"));
    }

    @Test void fallbackAnswersIfNoCandidateExists() throws Exception {
        assertEquals("named @app", shop.ask(tries(_ -> new Answer.NamedLocation("@app"), FILE), "GET", "/nothing"));
        Text withQuery = exchange -> "/index.php?" + exchange.routing().query();
        assertEquals("elsewhere /index.php?a=b", shop.ask(tries(TryFiles.elsewhere(withQuery), FILE), "GET", "/nothing?a=b"));
        assertEquals("elsewhere /index.php",
                shop.ask(tries(TryFiles.elsewhere(Text.literal("/index.php")), FILE), "GET", "/nothing?a=b"));
        assertEquals("elsewhere /index.php",
                shop.ask(tries(TryFiles.elsewhere(Text.literal("index.php")), FILE), "GET", "/nothing"));
    }

    @Test void anyHandlerMayAnswerForACandidate() throws Exception {
        Handler application = exchange -> new Answer.NamedLocation("application for " + exchange.routing().path());
        Handler tries = new TryFiles(shop.cache, List.of(FILE, file("/found.html")), NOT_FOUND, application,
                MissingFileLog.SILENT);
        assertEquals("named application for /found.html", shop.ask(tries, "POST", "/nothing"));
    }

    @Test void candidateWithoutSlashStaysInTheRoot() throws Exception {
        Files.writeString(place.resolve("wwwfound.html"), "outside");
        assertTrue(shop.ask(tries(NOT_FOUND, file("found.html")), "GET", "/a").endsWith("\n\nfound"));
    }

    @Test void candidateWithVariablesCannotLeaveTheRoot() throws Exception {
        Text query = e -> e.routing().query();
        assertEquals("bare 404 Not Found\n",
                shop.ask(tries(NOT_FOUND, new Candidate(query, false)), "GET", "/a?/../private/secret"));
    }

    @Test void aliasKeepsItsPrefix() throws Exception {
        shop.alias("/img/", "/");
        assertTrue(shop.ask(tries(NOT_FOUND, FILE), "GET", "/img/found.html").endsWith("found"));
        assertTrue(shop.ask(tries(NOT_FOUND, file("found.html")), "GET", "/img/nothing").endsWith("found"));
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, FILE), "GET", "/img/../private/secret"));
    }

    @Test void aliasOfARegexIsUsedAsRoot() throws Exception {
        String dir = shop.www + "/dir";
        shop.in(new Folder(Text.literal(dir), 0));
        assertTrue(shop.ask(tries(NOT_FOUND, FILE), "GET", "/index.html").endsWith("index"));
    }

    @Test void newFileIsFoundWithinASecond() throws Exception {
        assertEquals("bare 404 Not Found\n", shop.ask(tries(NOT_FOUND, FILE), "GET", "/maintenance.html"));
        shop.write("maintenance.html", "closed");
        shop.secondPasses();
        assertTrue(shop.ask(tries(NOT_FOUND, FILE), "GET", "/maintenance.html").endsWith("closed"));
    }
}

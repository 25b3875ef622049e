package io.selvage.perf.cli;

import io.selvage.perf.load.Stub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class CommandsTest {
    private static final String HI = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    @TempDir
    private Path directory;

    @Test
    void ratesRunInSequenceAndWriteFiles() throws Exception {
        try (var stub = Stub.answering(HI)) {
            Typed typed = Typed.perf("run", stub.url(), "-r", "100,200", "-d", "100ms", "-w", "20ms", "--length", "2",
                    "-o", directory.resolve("sub/r").toString());
            assertEquals(0, typed.exitCode(), typed.err());
            assertTrue(typed.out().contains("\n100 per s "), typed.out());
            assertTrue(typed.out().contains("\n200 per s "), typed.out());
            assertEquals(2 + 10 + 20, stub.requests(), "warm-up and both rates");
            try (Stream<Path> files = Files.list(directory.resolve("sub"))) {
                assertEquals("[r-100-per-s.hlog, r-200-per-s.hlog, r-load-100-per-s.hgrm, r-load-200-per-s.hgrm, "
                        + "r.html, r.json, r.txt]",
                        files.map(file -> file.getFileName().toString()).sorted().toList().toString());
            }
            try (var log = new HistogramLogReader(directory.resolve("sub/r-200-per-s.hlog").toFile())) {
                assertEquals(20, ((Histogram) log.nextIntervalHistogram()).getTotalCount());
            }
        }
    }

    @Test
    void runWithoutARateIsAClosedLoop() throws Exception {
        try (var stub = Stub.answering(HI)) {
            Typed typed = Typed.perf("run", stub.url() + "/a", stub.url() + "/b", "-c", "2", "-t", "2", "-d", "50ms", "-w", "0",
                    "--json");
            assertEquals(0, typed.exitCode(), typed.err());
            assertTrue(typed.out().startsWith("{\"title\":\""), typed.out());
            assertTrue(typed.out().contains("A closed loop"), typed.out());
        }
    }

    @Test
    void mixIsSent() throws Exception {
        Path mix = Files.writeString(directory.resolve("mix.yaml"), "requests: [{path: /x, method: PUT, body: abc}]");
        var asked = new AtomicReference<String>();
        try (var stub = new Stub((caller, n) -> {
            asked.set(caller.requestLine());
            caller.send(HI);
            return true;
        })) {
            Typed typed = Typed.perf("run", stub.url(), "--mix", mix.toString(), "-r", "100", "-d", "20ms", "-w", "0");
            assertEquals(0, typed.exitCode(), typed.err());
            assertEquals("PUT /x HTTP/1.1", asked.get());
        }
    }

    @Test
    void kneeIsReportedInOneSentence() throws Exception {
        try (var stub = new Stub((caller, n) -> {
            caller.send(HI);
            return true;
        })) {
            Typed typed = Typed.perf("knee", stub.url(), "--p99", "0s", "-r", "4", "-d", "100ms", "-w", "0");
            assertEquals(0, typed.exitCode(), typed.err());
            assertTrue(typed.out().contains("No rate held a p99 under 0s without errors."), typed.out());
        }
    }

    @Test
    void logsAreComparedOrMerged() throws Exception {
        try (var stub = Stub.answering(HI)) {
            Typed.perf("run", stub.url(), "-r", "100", "-d", "100ms", "-w", "0", "-o", directory.resolve("a").toString());
            Typed.perf("run", stub.url(), "-r", "200", "-d", "100ms", "-w", "0", "-o", directory.resolve("b").toString());
        }
        String a = directory.resolve("a-100-per-s.hlog").toString();
        String b = directory.resolve("b-200-per-s.hlog").toString();
        Typed compared = Typed.perf("report", a, b, "-o", directory.resolve("c").toString());
        assertTrue(compared.out().contains("\na-100-per-s") && compared.out().contains("\nb-200-per-s"), compared.out());
        assertTrue(Files.exists(directory.resolve("c.html")));
        Typed merged = Typed.perf("report", "--merge", a, b, "--json");
        assertTrue(merged.out().contains("\"answered\":30,"), merged.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run ftp://127.0.0.1/                 | "ftp://127.0.0.1/" is not of the form http[s]://host:port/path
            run URL                              | cannot connect to http://127.0.0.1:1: Connection refused
            run URL http://127.0.0.1:2/          | one run drives one server, not both http://127.0.0.1:1 and http://127.0.0.1:2
            run URL -c 0                         | connections must be between 1 and 1,000,000, not 0
            run URL -r 0                         | a rate must be above 0 and at most 1,000,000,000 per second, not 0.0
            run URL -H rubbish                   | "rubbish" is not a header; write 'Name: value'
            run URL --mix none.yaml              | none.yaml: no such file
            knee URL --p99 1s --closeness 9      | the closeness must be between 0.001 and 0.5, not 9.0
            report none.hlog                     | none.hlog: no such file
            report pom.xml                       | pom.xml: not a histogram log: it has no interval
            """)
    void mistakeIsReportedInOneLineWithExitCodeOne(String words, String line) {
        String[] typedWords = words.replace("URL", "http://127.0.0.1:1/").split(" ");
        Typed typed = Typed.perf(typedWords);
        assertEquals("perf " + typedWords[0] + ": " + line + "\n", typed.err());
        assertEquals(1, typed.exitCode());
    }

    @Test
    void fullDiskEndsTheRunAndReportsTheResults() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "needs /dev/full");
        Path link = Files.createSymbolicLink(directory.resolve("r-saturation.hlog"), full);
        try (var stub = Stub.answering(HI)) {
            Typed typed = Typed.perf("run", stub.url(), "-d", "1h", "-w", "0", "-o", directory.resolve("r").toString());
            assertEquals("perf run: the log cannot be written: No space left on device\n", typed.err());
            assertEquals(1, typed.exitCode());
            assertTrue(typed.out().contains("\nsaturation "), typed.out());
            assertTrue(Files.exists(directory.resolve("r.json")));
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void unexpectedAnswersAppearInTheTable() throws Exception {
        try (var stub = Stub.answering("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")) {
            Typed typed = Typed.perf("run", stub.url(), "-r", "100", "-d", "30ms", "-w", "0");
            assertTrue(typed.out().contains("3 wrong status"), typed.out());
        }
    }
}

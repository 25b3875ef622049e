package io.selvage.perf.load;

import io.selvage.perf.http.Destination;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A shell script stands in for wrk.
class WrkGeneratorTest {
    @TempDir
    private Path folder;

    @Test
    void totalsAndTimesAreRead() throws Exception {
        Measurement measured = run("""
                echo "Running 2s test"
                echo "result 105 2100000 12600 1 2 3 5 7"
                echo "result 80 60"
                echo "result 900 45"
                """, true);
        assertEquals("-t 1 -c 4 -d 2s --timeout 20s -H X: y -H Connection: close http://127.0.0.1:1/a",
                Files.readString(folder.resolve("arguments")).strip().replaceFirst("-s \\S+ ", ""));
        assertEquals(new Counts(100, 100, 12600,
                Map.of(LoadProblem.REFUSED, 1L, LoadProblem.RESET, 5L, LoadProblem.WRONG_STATUS, 5L,
                LoadProblem.TIMEOUT, 7L)), measured.counts());
        assertEquals(Duration.ofMillis(2100), measured.span().measured());
        assertEquals("", measured.span().cutShort());
        assertEquals(105, measured.response().getTotalCount());
        assertEquals(80_000, measured.response().getValueAtPercentile(50), 100);
        assertEquals(900_000, measured.response().getValueAtPercentile(99), 1000);
    }

    @Test
    void outputWithoutTotalsEndsTheMeasurement() throws Exception {
        Measurement measured = run("echo 'unable to connect to 127.0.0.1:1 Connection refused'\n", false);
        assertEquals("wrk: unable to connect to 127.0.0.1:1 Connection refused", measured.span().cutShort());
        assertEquals(0, measured.counts().answered());
    }

    @Test
    void missingProgramIsReported() {
        String message = assertThrows(UserError.class, () -> new WrkGenerator(setup(false), "no-such-wrk")).getMessage();
        assertTrue(message.startsWith("wrk, a package of Debian, cannot be started: "), message);
    }

    private Measurement run(String output, boolean close) throws Exception {
        Path wrk = Files.writeString(folder.resolve("wrk"), "#!/bin/sh\n[ \"$1\" = --version ] && exit 1\necho \"$*\" >"
                + folder.resolve("arguments") + "\n" + output);
        Files.setPosixFilePermissions(wrk, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var generator = new WrkGenerator(setup(close), wrk.toString())) {
            return generator.run(new Phase("p", new Load.Closed(), Duration.ofMillis(1500)), interval -> { });
        }
    }

    private static Setup setup(boolean close) throws UserError {
        var request = new Request("GET", "/a", List.of("X: y"), "", Request.get("/a").expect());
        return new Setup(Destination.parse("http://127.0.0.1:1/").destination(), Mix.of(request), 4, 1, 0, close, false,
                Duration.ofSeconds(20));
    }
}

package io.selvage.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HelpTest {
    @CommandLine.Command(name = "more")
    private static final class More {
    }

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return SelvageCommand.commandLine(new More()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "explain", "serve", "status", "peers", "top", "reload", "cert", "cert list",
        "cert renew", "cert self-signed", "threads", "version", "more"})
    void eachCommandShowsItsHelp(String command) {
        assertEquals(ExitCode.FINE, run((command + " --help").split(" ")));
        assertTrue(out.toString().startsWith("Usage: selvage " + command), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void programShowsItsHelp() {
        assertEquals(ExitCode.FINE, run("-h"));
        assertTrue(out.toString().contains("-?, -h, --help"), out.toString());
    }
}

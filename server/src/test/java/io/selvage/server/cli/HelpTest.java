package io.selvage.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({"run -c run.conf, run", "-c nginx.conf -p run/, ''", "more, more", "'', ''"})
    void onlyTheNamedCommandIsPrepared(String line, String command) {
        assertEquals(command.isEmpty() ? Set.of() : Set.of(command), prepared(line).getSubcommands().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "chekc", "run --port 80", "-c a.conf status --unknown"})
    void allCommandsArePreparedForHelpAndErrors(String line) {
        assertTrue(prepared(line).getSubcommands().keySet().containsAll(Set.of("run", "check", "status", "more")), line);
    }

    private static CommandLine prepared(String line) {
        return SelvageCommand.commandLineFor(List.of(new More()), line.isEmpty() ? new String[0] : line.split(" "));
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Whole configurations with all directives. The input is the main file; one that includes other files is passed over, so that
/// no file of the machine is read.
public final class ConfigFuzz {
    private static final Language LANGUAGE = Modules.LANGUAGE;

    private ConfigFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        if (text.contains("include")) {
            return;
        }
        try {
            survivesPrinting(LANGUAGE.parse(text));
        } catch (ConfigProblems e) {
            check(e, text);
        }
    }

    /// A configuration without problems is printed as one that means the same.
    private static void survivesPrinting(Config config) {
        String printed = LANGUAGE.print(config);
        try {
            Config again = LANGUAGE.parse(printed);
            assertEquals(config, again, printed);
            assertEquals(printed, LANGUAGE.print(again));
        } catch (ConfigProblems e) {
            throw new AssertionError("printed: " + printed, e);
        }
    }

    private static void check(ConfigProblems e, String text) {
        assertFalse(e.problems().isEmpty());
        long lines = text.lines().count() + 1;
        for (Problem problem : e.problems()) {
            assertTrue(problem.position().line() <= lines, problem::toString);
            assertFalse(problem.message().isEmpty());
        }
    }
}

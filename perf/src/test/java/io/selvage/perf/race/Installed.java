package io.selvage.perf.race;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Programs that tests need. `-Dselvage.others=required` turns a missing one into a failure.
final class Installed {
    private Installed() {
    }

    static void assume(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, program)));
        if (!there && "required".equals(System.getProperty("selvage.others"))) {
            fail(program + " is not installed");
        }
        assumeTrue(there, program + " is not installed");
    }
}

package io.selvage.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The messages for mistakes of a user, and the exit codes that a supervisor sees.
class StartIT {
    @TempDir
    private Path folder;

    @Test
    void checkReportsEveryMistakeWithItsPosition() throws Exception {
        Files.writeString(folder.resolve("shop.conf"), """
                server {
                    lisen 127.0.0.1:8080;
                    location / {
                        proxy_pass;
                        proxy_read_timeout soon;
                    }
                }
                """);
        try (var check = SelvageProcess.run(folder, List.of(), "check", "-c", "shop.conf")) {
            assertEquals(1, check.awaitExit());
            List<String> positions = check.lines().stream().map(line -> line.replaceAll(".*shop\\.conf:(\\d+:\\d+).*", "$1"))
                    .filter(line -> line.matches("\\d+:\\d+")).toList();
            assertEquals(3, positions.size(), () -> String.join("\n", check.lines()));
            assertEquals(List.of("2:5", "4:9"), positions.subList(0, 2));
            assertTrue(positions.get(2).startsWith("5:"), positions.get(2));
        }
    }

    @Test
    void checkAcceptsAValidConfiguration() throws Exception {
        Files.writeString(folder.resolve("shop.conf"), "server { listen 127.0.0.1:8080; }\n");
        assertEquals(0, exitOf("check", "-c", "shop.conf"));
    }

    @Test
    void missingFileIsReportedInOneLine() throws Exception {
        assertOneLine("missing.conf", "run", "-c", "missing.conf");
    }

    @Test
    void portInUseIsReportedInOneLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Files.writeString(folder.resolve("shop.conf"), "server { listen " + address + "; }\n");
            assertOneLine(address, "run", "-c", "shop.conf", "-p", folder.toString());
        }
    }

    @Test
    void unknownCommandIsAUsageError() throws Exception {
        assertEquals(2, exitOf("levitate"));
    }

    /// With profiles, JDK 25 may compile the loop of a connection again and again.
    @Test
    void aotCacheHasNoProfiles() throws Exception {
        try (var version = SelvageProcess.run(folder, List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+AOTPrintTrainingInfo"),
                "version")) {
            assertEquals(0, version.awaitExit());
            List<String> lines = version.lines();
            assertTrue(lines.contains("Archived TrainingData Dictionary"), "the AOT cache is not used");
            assertEquals(List.of(), lines.stream().filter(line -> line.matches(" *\\d+: 0x[0-9a-f]+ M .*")).limit(3).toList());
        }
    }

    private int exitOf(String... arguments) throws IOException, InterruptedException {
        try (var command = SelvageProcess.run(folder, List.of(), arguments)) {
            return command.awaitExit();
        }
    }

    private void assertOneLine(String naming, String... arguments) throws IOException, InterruptedException {
        try (var command = SelvageProcess.run(folder, List.of(), arguments)) {
            assertEquals(1, command.awaitExit());
            assertEquals(1, command.lines().size(), () -> String.join("\n", command.lines()));
            assertTrue(command.lines().getFirst().contains(naming), command.lines().getFirst());
        }
    }
}

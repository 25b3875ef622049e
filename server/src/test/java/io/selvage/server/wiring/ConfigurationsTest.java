package io.selvage.server.wiring;

import io.selvage.server.cli.SelvageCommand;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Machine;
import io.selvage.server.config.Problem;
import io.selvage.server.module.Modules;
import io.selvage.server.module.ThisMachine;
import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Configurations as people have them. Beside each that is refused is the list of its problems; `-Dselvage.update=true` writes
/// it. `check` and `run` must agree on all of them.
@Timeout(60)
class ConfigurationsTest {
    private static final Path ROOT = Path.of(System.getProperty("selvage.root"),
            "server/src/test/resources/io/selvage/server/configurations");

    @TempDir
    private Path folder;

    static Stream<Named<Path>> all() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted()
                    .map(file -> Named.of(file.getFileName().toString(), file)).toList().stream();
        }
    }

    static Stream<Named<Path>> accepted() throws IOException {
        return all().filter(file -> !Files.exists(listed(file.getPayload())));
    }

    static Stream<Named<Path>> refused() throws IOException {
        return all().filter(file -> Files.exists(listed(file.getPayload())));
    }

    /// The file with the expected problems.
    private static Path listed(Path file) {
        return file.resolveSibling(file.getFileName().toString().replace(".conf", ".problems"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void problemsAreThoseOfTheList(Path file) throws IOException {
        List<String> found = problems(file);
        if (Boolean.getBoolean("selvage.update")) {
            Files.deleteIfExists(listed(file));
            if (!found.isEmpty()) {
                Files.write(listed(file), found);
            }
        }
        assertEquals(Files.exists(listed(file)) ? Files.readAllLines(listed(file)) : List.of(), found);
    }

    private static List<String> problems(Path file) {
        try {
            Modules.LANGUAGE.load(file, Path.of("/srv"), "", Machine.ANY);
            return List.of();
        } catch (ConfigProblems e) {
            return e.problems().stream().map(Problem::toString).map(line -> line.replace(ROOT + "/", "")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptedConfigurationStarts(Path file) throws Exception {
        Path moved = moved(file);
        assertEquals(0, exitCode("check", moved).code);
        for (Io io : Ios.all().map(Named::getPayload).toList()) {
            var config = Modules.LANGUAGE.load(moved, folder, "", new ThisMachine()).config();
            Server server = Server.start(config, io, new LogFiles(Optional.of(folder.resolve("first.log"))), () -> { });
            assertFalse(server.addresses().isEmpty());
            assertTrue(server.stop(Duration.ofSeconds(50)));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusedConfigurationDoesNotStart(Path file) {
        Exit check = exitCode("check", file);
        assertEquals(1, check.code);                       // before it is run: one that is accepted would run for ever
        Exit run = exitCode("run", file);
        assertEquals(1, run.code);
        List<String> problems = check.lines.stream().filter(line -> line.startsWith(ROOT.toString())).toList();
        assertEquals(problems.stream().map(line -> "selvage: " + line).limit(1).toList(), run.lines.subList(0, 1));
        assertEquals(problems.subList(1, problems.size()), run.lines.subList(1, problems.size()));
    }

    private record Exit(int code, List<String> lines) {
    }

    private static Exit exitCode(String command, Path file) {
        StringWriter errors = new StringWriter();
        CommandLine line = SelvageCommand.commandLine().setErr(new PrintWriter(errors));
        int code = line.execute(command, "-c", file.toString());
        return new Exit(code, errors.toString().lines().toList());
    }

    /// A copy with paths in the folder of the test, loopback addresses with ports that the system chooses, and root as user.
    private Path moved(Path file) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(ROOT.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, local(Files.readString(each)));
            }
        }
        Files.createDirectories(folder.resolve("var/log/nginx"));
        Files.createDirectories(folder.resolve("run"));
        var certificate = SelfSignedCertificate.of(List.of("shop.example.com"), Instant.now(), Duration.ofDays(9));
        Path live = Files.createDirectories(folder.resolve("etc/letsencrypt/live/shop.example.com"));
        Files.writeString(live.resolve("fullchain.pem"), certificate.certificatePem());
        Files.writeString(live.resolve("privkey.pem"), certificate.keyPem());
        return folder.resolve(ROOT.relativize(file).toString());
    }

    private String local(String text) {
        return text.replaceAll("(?m)(\\s)/(run|var|srv|etc/letsencrypt)/", "$1" + folder + "/$2/")
                .replaceAll("(listen\\s+)\\[::]:\\d+", "$1\\[::1]:0")
                .replaceAll("(listen\\s+)\\d+", "$1127.0.0.1:0")
                .replaceAll("(?m)^user .*;", "user root;");
    }
}

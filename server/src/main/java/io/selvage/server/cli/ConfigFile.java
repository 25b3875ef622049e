package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Machine;
import io.selvage.server.module.Modules;
import io.selvage.server.module.ThisMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The location of the configuration: nginx's flags for it.
final class ConfigFile {
    private static final Machine MACHINE = new ThisMachine();
    private static final Path USUAL = Path.of("/etc/selvage/selvage.conf");

    @Option(names = "-c", paramLabel = "FILE", description = "the configuration (default: /etc/selvage/selvage.conf)")
    private Path file = USUAL;

    @Option(names = "-p", paramLabel = "PREFIX",
            description = "the folder for relative paths in the configuration (default: its own folder)")
    private Optional<Path> prefix = Optional.empty();

    @Option(names = "-g", paramLabel = "DIRECTIVES",
            description = "main-level directives, read before the file; may be repeated")
    private List<String> globals = List.of();

    @Option(names = "-e", paramLabel = "FILE", description = "the error log until the configuration names one")
    private Optional<Path> errorLog = Optional.empty();

    /// Reads the configuration from disk at every call.
    Language.Loaded load() throws ConfigProblems {
        return Modules.LANGUAGE.load(file(), prefix(), String.join("\n", globals), MACHINE);
    }

    /// True if the command line says which configuration it is.
    boolean isNamed() {
        return !file.equals(USUAL) || prefix.isPresent() || !globals.isEmpty();
    }

    /// Resolves a relative name in the prefix, as nginx does, or else in the working directory.
    Path file() {
        Path inPrefix = prefix.map(folder -> folder.resolve(file)).orElse(file);
        return (Files.exists(inPrefix) ? inPrefix : file).toAbsolutePath().normalize();
    }

    Path prefix() {
        return prefix.map(Path::toAbsolutePath).orElseGet(() -> file().resolveSibling("")).normalize();
    }

    Optional<Path> errorLog() {
        return errorLog.map(prefix()::resolve);
    }
}

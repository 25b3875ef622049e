package io.selvage.server.cli;

import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a certificate that no authority has signed, and its key, which only the user may read.
@Command(name = "self-signed", description = "Make a certificate for tests: it is signed by itself, and browsers warn of it.")
final class SelfSignedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "names of hosts, and addresses")
    private List<String> names = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "the folder for NAME.crt and NAME.key (default: the current one)")
    private Path folder = Path.of("");

    @Option(names = "--days", paramLabel = "N", description = "how long it is valid (${DEFAULT-VALUE})")
    private int days = 365;

    @Option(names = "--force", description = "replace files that exist")
    private boolean force;

    @Override
    public Integer call() {
        if (days < 1 || days > SelfSignedCertificate.LONGEST.toDays()) {
            throw new ParameterException(spec.commandLine(),
                    "--days takes 1 to " + SelfSignedCertificate.LONGEST.toDays() + ", not " + days);
        }
        String file = names.getFirst().replace("*", "_").replace(":", "_");
        if (file.contains("/")) {
            throw new ParameterException(spec.commandLine(), "\"" + names.getFirst() + "\" is no name of a host");
        }
        try {
            var made = SelfSignedCertificate.of(names, Instant.now().truncatedTo(ChronoUnit.SECONDS), Duration.ofDays(days));
            Path key = write(folder.resolve(file + ".key"), made.keyPem(), "rw-------");
            Path certificate = write(folder.resolve(file + ".crt"), made.certificatePem(), "rw-r--r--");
            PrintWriter out = spec.commandLine().getOut();
            out.println("ssl_certificate " + certificate.toAbsolutePath() + ";");
            out.println("ssl_certificate_key " + key.toAbsolutePath() + ";");
            out.flush();
            return ExitCode.FINE;
        } catch (IOException e) {
            return CheckCommand.failed(spec.commandLine().getErr(), new IOException("cannot write " + e.getMessage(), e));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /// Creates the file with its permissions, so that no other user can read a key before they are set.
    private Path write(Path file, String text, String permissions) throws IOException {
        if (force) {
            Files.deleteIfExists(file);
        }
        var attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var out = Channels.newOutputStream(Files.newByteChannel(file, options, attribute))) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return file;
    }
}

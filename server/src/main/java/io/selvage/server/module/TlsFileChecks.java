package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Section;
import io.selvage.server.tls.CertificateChecks;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reports files for TLS that cannot be used, at the first arguments that name them: thousands of sites may have the same ones.
/// They are read only on the machine that the configuration is for.
final class TlsFileChecks {
    private final Set<Object> checked = new HashSet<>();

    private record NamedBy(String directive, Path file) {
    }

    /// Reads the file that an argument names.
    @FunctionalInterface
    interface FileReading {
        Object read(Argument argument) throws IOException;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /// Checks the files that a directive names for a block.
    void check(Section section, String directive, FileReading reading) {
        for (Argument argument : arguments(section, directive)) {
            if (argument.machine().readsFiles() && checked.add(new NamedBy(directive, argument.configPath()))) {
                tried(argument, () -> reading.read(argument));
            }
        }
    }

    /// Checks a certificate chain and its key.
    void checkPair(Argument certificate, Argument key, KeyPairFiles files) {
        if (!certificate.machine().readsFiles() || !checked.add(files)) {
            return;
        }
        Optional<List<X509Certificate>> chain = tried(certificate, files::chain);
        if (hasReadablePasswords(files)) {
            tried(key, files::privateKey).ifPresent(found -> chain.ifPresent(certificates -> tried(key, () -> {
                CertificateChecks.requireMatch(certificates, found);
                return found;
            })));
        }
        chain.ifPresent(certificates -> CertificateChecks.warnings(certificates, Instant.now()).forEach(warning ->
                certificate.warning("\"" + certificate.text() + "\": " + warning)));
    }

    /// A password file that cannot be read is reported where it is named.
    private static boolean hasReadablePasswords(KeyPairFiles files) {
        try {
            if (files.passwords().isPresent()) {
                KeyPairFiles.passwords(files.passwords().get());
            }
            return true;
        } catch (TlsFileException _) {
            return false;
        }
    }

    /// What was read; empty if it is unusable, which is reported.
    private static <T> Optional<T> tried(Argument argument, Reading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (IOException e) {
            argument.problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// The first arguments of the lines of a directive that hold for a block.
    static List<Argument> arguments(Section section, String directive) {
        return section.scope().nearest(List.of(directive)).stream().map(line -> line.argument(0)).toList();
    }
}

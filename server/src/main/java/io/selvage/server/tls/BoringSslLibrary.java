package io.selvage.server.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The library of BoringSSL, which the jar contains for Linux on x86-64 and aarch64. It needs glibc: with another C library,
/// loading it can end the process, so that is looked at first.
final class BoringSslLibrary {
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    /// Settings that Netty reads once. Without Unsafe it asks BoringSSL's library for the address of a buffer; with it, the JVM
    /// prints a warning. Tickets are as each context says.
    private static final Map<String, String> SETTINGS = Map.of(
            "io.netty.noUnsafe", "true",
            "jdk.tls.server.enableSessionTicketExtension", "false");

    private BoringSslLibrary() {
    }

    /// Loads it, the first time that it is called.
    ///
    /// @return why it cannot be used; empty if it can
    static Optional<String> load() {
        return Loaded.FAILURE;
    }

    private static final class Loaded {
        private static final Optional<String> FAILURE = attempt();
    }

    private static Optional<String> attempt() {
        Optional<String> unfit = whyUnfit(System.getProperty("os.name"), System.getProperty("os.arch"), MAPPED_FILES);
        if (unfit.isPresent()) {
            return unfit;
        }
        try {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
            withSettings(() -> {
                OpenSsl.isAvailable();
                Class.forName(ReferenceCountedOpenSslContext.class.getName());
            });
            Throwable cause = OpenSsl.unavailabilityCause();
            if (cause != null) {
                return Optional.of("the library cannot be loaded: " + FailureText.of(cause));
            }
            return OpenSsl.versionString().contains("BoringSSL") ? SelfTestHandshake.run(new BoringSslProvider())
                    : Optional.of("the library is " + OpenSsl.versionString());
        } catch (ReflectiveOperationException | LinkageError e) {
            return Optional.of("the library cannot be loaded: " + FailureText.of(e));
        }
    }

    private interface Load {
        void run() throws ReflectiveOperationException;
    }

    /// Sets the system properties that are not set yet, for the time of the call.
    private static void withSettings(Load load) throws ReflectiveOperationException {
        Map<String, String> added = new HashMap<>(SETTINGS);
        added.keySet().removeIf(name -> System.getProperty(name) != null);
        added.forEach(System::setProperty);
        try {
            load.run();
        } finally {
            added.keySet().forEach(System::clearProperty);
        }
    }

    /// Why the library must not be loaded.
    ///
    /// @param maps the list of files that the process has mapped
    static Optional<String> whyUnfit(@Nullable String system, @Nullable String processor, Path maps) {
        if (!"Linux".equals(system) || !("amd64".equals(processor) || "aarch64".equals(processor))) {
            return Optional.of("there is no library for " + system + " on " + processor);
        }
        try (Stream<String> files = Files.lines(maps)) {
            boolean glibc = files.anyMatch(line -> line.contains("/libc.so.6") || line.contains("/libc-2."));
            return glibc ? Optional.empty() : Optional.of("the C library is not glibc");
        } catch (IOException e) {
            return Optional.of("the C library is not known: " + e);
        }
    }
}

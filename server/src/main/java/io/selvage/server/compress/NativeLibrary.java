package io.selvage.server.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import java.util.Optional;

/// The libraries outside of Java that codings need. The jar contains them for Linux on x86-64 and aarch64; they are loaded when a
/// configuration uses them.
public final class NativeLibrary {
    private NativeLibrary() {
    }

    /// Why a coding cannot be used on this machine; empty if it can.
    public static Optional<String> whyMissing(ContentCoding coding) {
        return switch (coding) {
            case GZIP -> Optional.empty();
            case BROTLI -> brotli();
            case ZSTD -> zstd();
        };
    }

    private static Optional<String> brotli() {
        if (Brotli4jLoader.isAvailable()) {
            return Optional.empty();
        }
        Throwable failure = Brotli4jLoader.getUnavailabilityCause();
        return Optional.of(failure == null || failure.getCause() == null ? String.valueOf(failure) : reason(failure.getCause()));
    }

    private static Optional<String> zstd() {
        try {
            Native.load();
            return Optional.empty();
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            return Optional.of(reason(e));
        }
    }

    /// The first line of a message.
    private static String reason(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown");
    }
}

package io.selvage.server.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Reads files with passwords. One that has not changed since it was read is not read again. Any thread; calls read from disk.
final class PasswordFiles {
    /// In bytes.
    static final int LARGEST = 16 << 20;
    /// How many files are kept.
    static final int MOST = 64;
    /// A file that was changed so shortly before it was read may have changed again without another time.
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final SequencedMap<Path, Kept> files = new LinkedHashMap<>(16, 0.75f, true);   // eldest use first; guarded by this

    PasswordFiles(InstantSource clock) {
        this.clock = clock;
    }

    private record Kept(State state, PasswordFile file) {
    }

    private record State(Instant changed, long size, @Nullable Object key) {
        static State of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new State(attributes.lastModifiedTime().toInstant(), attributes.size(), attributes.fileKey());
        }
    }

    /// The file as it is now.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is none
    /// @throws IOException if it cannot be read
    PasswordFile read(Path path) throws IOException {
        State state = State.of(path);
        Kept known = known(path);
        if (known != null && known.state.equals(state)) {
            return known.file;
        }
        Instant now = clock.instant();
        Kept read = new Kept(state, new PasswordFile(text(path)));
        if (state.changed.plus(SETTLED).isBefore(now)) {
            keep(path, read);
        }
        return read.file;
    }

    private synchronized @Nullable Kept known(Path path) {
        return files.get(path);
    }

    private synchronized void keep(Path path, Kept read) {
        files.put(path, read);
        if (files.size() > MOST) {
            files.pollFirstEntry();
        }
    }

    private static String text(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("the file is larger than " + LARGEST + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}

package io.selvage.server.observe;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The open latency logs, one for each name and interval. They are shared by all locations and survive reloads.
public final class LatencyFiles {
    /// A file and its interval.
    public record Name(Path file, Duration interval) {
    }

    private static final Path NOWHERE = Path.of("/dev/null");

    private final Stripes.Places places;
    private final LogFiles logs;
    private final Map<Name, LatencyFile> open = new HashMap<>();   // guarded by this
    private final Set<LatencyFile> leaving = new HashSet<>();   // guarded by this; used by the previous configuration

    /// @param io gives threads of carriers their stripe; other threads are spread
    /// @param logs receives messages about lost exchanges
    public LatencyFiles(Io io, LogFiles logs) {
        this.logs = logs;
        this.places = Stripes.Places.of(io);
    }

    /// The file of this name and interval, opened if necessary.
    ///
    /// @throws UncheckedIOException if it cannot be written
    public synchronized LatencyFile file(Name wanted) {
        LatencyFile known = open.get(wanted);
        if (known != null) {
            return known;
        }
        Path path = logs.areWritten() ? wanted.file() : NOWHERE;
        try {
            LogFiles.tryOut(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LatencyFile opened =
                LatencyFile.of(path, wanted.interval(), places, InstantSource.system(), logs::warn);
        open.put(wanted, opened);
        return opened;
    }

    /// The names of the open files, each once even if several intervals are written to it.
    public synchronized Set<Path> paths() {
        Set<Path> paths = new HashSet<>();
        open.keySet().forEach(wanted -> paths.add(wanted.file()));
        return paths;
    }

    /// Reopens every file by its name, for example after a rotation.
    public synchronized void reopen() {
        open.values().forEach(LatencyFile::reopen);
        leaving.forEach(LatencyFile::reopen);
    }

    /// Schedules the files that a new configuration does not name for closing. Requests in progress in the old configuration
    /// still use them, so they are closed at the next reload.
    public void keepOnly(Set<Name> named) {
        Set<LatencyFile> unused;
        synchronized (this) {
            unused = Set.copyOf(leaving);
            leaving.clear();
            open.entrySet().removeIf(entry -> !named.contains(entry.getKey()) && leaving.add(entry.getValue()));
        }
        unused.forEach(LatencyFile::close);
    }

    /// Closes every file at once, those of the current configuration included.
    public void close() {
        keepOnly(Set.of());
        keepOnly(Set.of());
    }
}

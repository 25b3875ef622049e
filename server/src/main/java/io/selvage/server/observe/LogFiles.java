package io.selvage.server.observe;

import io.selvage.server.net.ByteText;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/// The open log files, one for each name. They are shared by all logs and survive reloads.
public final class LogFiles {
    /// The name of standard error.
    public static final Path STDERR = Path.of("stderr");

    private static final Path STDOUT = Path.of("/dev/stdout");
    private static final Path DEV_STDERR = Path.of("/dev/stderr");
    /// The limit of files with variables in their names for each [Cache]: each has a thread, and requests influence the names.
    public static final int MOST_VARYING = 64;

    /// How files with variables in their names are kept (`open_log_file_cache`).
    ///
    /// @param max the limit of such files, at most [#MOST_VARYING]
    public record Cache(int max, LogFile.Keeping keeping) {
        /// Files are opened for each line.
        public static final Cache OFF = new Cache(MOST_VARYING, LogFile.Keeping.NEVER);
    }

    private final Map<Path, LogFile> open = new HashMap<>();   // guarded by this
    private final Map<Cache, SequencedMap<Path, LogFile>> varying =
            new HashMap<>();                                   // guarded by this; the most recently used file is last
    private final Set<LogFile> leaving = new HashSet<>();     // guarded by this; used by the previous configuration
    private final LogTime time = LogTime.system();
    private final boolean written;
    private volatile ErrorLog main;                            // the error log of the configuration; replaced by a reload

    /// @param first the error log until a configuration names one; standard error if empty
    public LogFiles(Optional<Path> first) {
        this(first, true);
    }

    private LogFiles(Optional<Path> first, boolean written) {
        this.written = written;
        main = new ErrorLog(Severity.NOTICE, List.of(file(first.orElse(STDERR))), time);
    }

    /// Log files that are not opened and get nothing, for a configuration that does not serve.
    public static LogFiles unwritten() {
        return new LogFiles(Optional.empty(), false);
    }

    /// False if the files are only named.
    boolean areWritten() {
        return written;
    }

    /// The file of this name, opened if necessary. `stderr`, `/dev/stdout` and `/dev/stderr` are the streams of the process.
    public synchronized LogFile file(Path path) {
        return open.computeIfAbsent(path, this::opened);
    }

    /// As [#file], for a file that must be writable.
    ///
    /// @throws UncheckedIOException if a file that is not open yet cannot be written
    public synchronized LogFile writable(Path path) {
        if (written && !open.containsKey(path)) {
            try {
                tryOut(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return file(path);
    }

    /// As [#file], for a file that is created so that only its owner can read it.
    ///
    /// @throws IOException if a file that is not open yet cannot be written
    public synchronized LogFile secret(Path path) throws IOException {
        LogFile known = open.get(path);
        if (known == null) {
            if (written) {
                LogFile.trySecret(path);
            }
            known = written ? LogFile.secret(path, this::warn) : LogFile.unwritten(path.toString());
            open.put(path, known);
        }
        return known;
    }

    /// The file of a name with variables. If too many are known, one is closed: one that is not open, or else the least recently
    /// used one.
    ///
    /// @param name each `char` is one byte
    /// @param root a folder that must exist when the file is opened, each `char` is one byte; empty for none
    /// @return empty if this cannot be the name of a file
    public synchronized Optional<LogFile> varying(String name, String root, Cache cache) {
        Path path;
        Optional<Path> folder;
        try {
            path = ByteText.path(name);
            folder = root.isEmpty() ? Optional.empty() : Optional.of(ByteText.path(root));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        SequencedMap<Path, LogFile> files = varying.computeIfAbsent(cache, _ -> new LinkedHashMap<>(16, 0.75f, true));
        if (!files.containsKey(path) && files.size() == cache.max()) {
            LogFile least = leastWanted(files);
            Thread.ofPlatform().name("selvage-log-close").start(least::close);
        }
        return Optional.of(files.computeIfAbsent(path, _ -> LogFile.of(path, folder, cache.keeping(), this::warn)));
    }

    /// Removes the file that takes a place in vain: one that was not opened, or else the least recently used one.
    private static LogFile leastWanted(SequencedMap<Path, LogFile> files) {
        for (Map.Entry<Path, LogFile> each : files.entrySet()) {
            if (!each.getValue().wasOpened()) {
                files.remove(each.getKey());
                return each.getValue();
            }
        }
        return files.pollFirstEntry().getValue();
    }

    /// The syslog server at an address, under a name for messages. Its lines are sent as datagrams.
    ///
    /// @param name equal for equal addresses
    /// @param address gives the address whenever the socket is opened
    public synchronized LogFile syslog(Path name, Supplier<SocketAddress> address) {
        return open.computeIfAbsent(name, _ -> written ? LogFile.datagrams(name.toString(), address, this::warn)
                : LogFile.unwritten(name.toString()));
    }

    private LogFile opened(Path path) {
        if (!written) {
            return LogFile.unwritten(path.toString());
        }
        if (path.equals(STDOUT)) {
            return LogFile.standardOutput(this::warn);
        }
        boolean stderr = path.equals(STDERR) || path.equals(DEV_STDERR);
        return stderr ? LogFile.standardError() : LogFile.of(path, this::warn);
    }

    public LogTime time() {
        return time;
    }

    /// The error log for messages that belong to no site.
    public ErrorLog main() {
        return main;
    }

    /// Replaces it when a new configuration becomes current. Any thread.
    public void main(ErrorLog log) {
        main = log;
    }

    /// Writes a warning to the main error log. Never waits.
    public void warn(String message) {
        ErrorLog log = main;
        if (log != null) {                                     // a log may report a problem while the first one is created
            log.log(Severity.WARN, message);
        }
    }

    /// Opens a file for writing and closes it again. A file that may be a pipe is not opened: that would wait for a reader.
    ///
    /// @throws IOException with the name of the file and the reason, if that fails
    static void tryOut(Path path) throws IOException {
        boolean mayBePipe = Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
        if (mayBePipe || path.equals(STDOUT) || path.equals(DEV_STDERR)) {
            return;
        }
        try (OutputStream out = new FileOutputStream(path.toFile(), true)) {
            out.flush();
        } catch (IOException e) {
            throw new IOException("log \"" + path + "\" cannot be written: " + e.getMessage(), e);
        }
    }

    /// Gives a user the files that root has opened, so that they can be reopened later.
    ///
    /// @param others further open files
    public synchronized void giveTo(String user, Set<Path> others) throws IOException {
        UserPrincipal owner = FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
        Set<Path> all = new HashSet<>(open.keySet());
        all.addAll(others);
        for (Path path : all) {
            if (Files.isRegularFile(path)) {
                Files.setOwner(path, owner);
            }
        }
    }

    /// Reopens every file by its name, for example after a rotation.
    public synchronized void reopen() {
        open.values().forEach(LogFile::reopen);
        varying.values().forEach(files -> files.values().forEach(LogFile::reopen));
        leaving.forEach(LogFile::reopen);
    }

    /// Schedules the files that a new configuration does not name for closing. Requests in progress in the old configuration
    /// still use them, so they are closed at the next reload.
    public void keepOnly(Set<Path> named) {
        Set<LogFile> unused;
        synchronized (this) {
            unused = Set.copyOf(leaving);
            leaving.clear();
            open.entrySet().removeIf(entry -> !named.contains(entry.getKey()) && leaving.add(entry.getValue()));
            varying.values().forEach(files -> leaving.addAll(files.values()));
            varying.clear();
        }
        unused.forEach(LogFile::close);
    }

    /// Closes every file at once, those of the current configuration included.
    public void close() {
        keepOnly(Set.of());
        keepOnly(Set.of());
    }
}

package io.selvage.server.observe;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

/// The open log files, one for each name, whoever writes to it and however often the configuration is read.
public final class LogFiles {
    /// What standard error is called.
    public static final Path STDERR = Path.of("stderr");

    private static final Path STDOUT = Path.of("/dev/stdout");
    private static final Path DEV_STDERR = Path.of("/dev/stderr");
    /// Each open file has a thread, and what a request says may be part of a name.
    private static final int MOST_VARYING = 64;

    private final Map<Path, LogFile> open = new HashMap<>();   // guarded by this
    private final SequencedMap<Path, LogFile> varying =
            new LinkedHashMap<>(16, 0.75f, true);              // guarded by this; the one used last is the last
    private final Set<LogFile> leaving = new HashSet<>();     // guarded by this; named by the configuration before
    private final LogTime time = LogTime.system();
    private volatile ErrorLog main;                            // the configuration's own error log; replaced at a reload

    /// @param first where to tell what goes wrong until a configuration says where; standard error where empty
    public LogFiles(Optional<Path> first) {
        main = new ErrorLog(Severity.NOTICE, List.of(file(first.orElse(STDERR))), time);
    }

    /// The file of this name, opened if it is not yet. `stderr`, `/dev/stdout` and `/dev/stderr` are the process's own.
    public synchronized LogFile file(Path path) {
        return open.computeIfAbsent(path, this::opened);
    }

    /// As [#file], for what must not be missing.
    ///
    /// @throws UncheckedIOException when a file that is not open yet cannot be written
    public synchronized LogFile writable(Path path) {
        if (!open.containsKey(path)) {
            try {
                tryOut(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return file(path);
    }

    /// The file of a name that variables made. The one that was used least recently is closed where too many are open.
    ///
    /// @return nothing for what can be no name of a file
    public synchronized Optional<LogFile> varying(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (!varying.containsKey(path) && varying.size() == MOST_VARYING) {
            LogFile eldest = varying.pollFirstEntry().getValue();
            Thread.ofPlatform().name("selvage-log-close").start(eldest::close);
        }
        return Optional.of(varying.computeIfAbsent(path, this::opened));
    }

    private LogFile opened(Path path) {
        if (path.equals(STDOUT)) {
            return LogFile.standardOutput(this::warn);
        }
        boolean stderr = path.equals(STDERR) || path.equals(DEV_STDERR);
        return stderr ? LogFile.standardError() : LogFile.of(path, this::warn);
    }

    public LogTime time() {
        return time;
    }

    /// Where what concerns no site is told.
    public ErrorLog main() {
        return main;
    }

    public void main(ErrorLog log) {
        main = log;
    }

    /// Tells the main error log of something that should be looked at. Never waits.
    public void warn(String message) {
        ErrorLog log = main;
        if (log != null) {                                     // a log may complain while the first one is being made
            log.log(Severity.WARN, message);
        }
    }

    /// Opens a file for writing and closes it again. What may be a pipe is left alone: to open one can take as long as nobody
    /// reads it.
    ///
    /// @throws IOException that says which file it is, and why not
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

    /// Lets a user write the files that root has opened, so that they can be opened again later.
    ///
    /// @param others files that are open besides
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

    /// Opens every file anew by its name, as after a rotation.
    public synchronized void reopen() {
        open.values().forEach(LogFile::reopen);
        varying.values().forEach(LogFile::reopen);
        leaving.forEach(LogFile::reopen);
    }

    /// Lets go of the files that a new configuration does not name. What is under way in the old one is still logged there: they
    /// are closed when the next configuration comes.
    public void keepOnly(Set<Path> named) {
        Set<LogFile> unused;
        synchronized (this) {
            unused = Set.copyOf(leaving);
            leaving.clear();
            open.entrySet().removeIf(entry -> !named.contains(entry.getKey()) && leaving.add(entry.getValue()));
            leaving.addAll(varying.values());
            varying.clear();
        }
        unused.forEach(LogFile::close);
    }

    public void close() {
        keepOnly(Set.of());
        keepOnly(Set.of());
    }
}

package io.selvage.server.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The file beside the pid file through which a running server passes a thread dump to `selvage threads`.
///
/// The asking process creates it empty, for the user of the server only, and removes it. So the server creates no file, and needs
/// no permission for the folder of the pid file, which often belongs to root. The last line says that the dump is complete.
///
/// @param path the path of the file
record ThreadDumpFile(Path path) {
    private static final String LAST_LINE = "end of the thread dump\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int POLL_MILLIS = 20;

    static ThreadDumpFile beside(PidFile pid) {
        return new ThreadDumpFile(Path.of(pid.path() + ".threads"));
    }

    /// Asks the server for a dump and waits for it, for at most 20 seconds.
    ///
    /// @throws IOException if the server is not running, may not be signalled, or does not answer
    String request(PidFile pid) throws IOException {
        ProcessHandle server = pid.running();
        create(server);
        try {
            pid.signal("URG");
            return awaitComplete(server);
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private void create(ProcessHandle server) throws IOException {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("another dump is in progress; if not, remove " + path, e);
        } catch (IOException e) {
            throw new IOException("cannot create " + path + ": " + e.getClass().getSimpleName(), e);
        }
        // A launcher that forwards signals is in the pid file; then the server is its child.
        Optional<Integer> user = userOf(server.children().findFirst().orElse(server));
        if (user.isPresent() && !user.get().equals(Files.getAttribute(path, "unix:uid"))) {
            Files.setAttribute(path, "unix:uid", user.get());
        }
    }

    /// The effective user; empty on a system without `/proc`. The owner of the folder in `/proc` may be root for a process that
    /// has changed its user.
    private static Optional<Integer> userOf(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("Uid:"))
                .map(line -> Integer.valueOf(line.split("\\s+")[2])).findFirst();
    }

    private String awaitComplete(ProcessHandle server) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            String text = Files.size(path) == 0 ? "" : Files.readString(path);
            if (text.endsWith(LAST_LINE)) {
                return text.substring(0, text.length() - LAST_LINE.length());
            }
            if (!server.isAlive()) {
                throw new IOException("process " + server.pid() + " has ended");
            }
            pause();
        }
        throw new IOException("process " + server.pid() + " did not answer within " + PATIENCE.toSeconds() + " s");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Writes the dump, if a process waits for it: then there is an empty file.
    ///
    /// @return false if no process waits
    boolean write(String dump) throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile() || found.size() > 0) {
                return false;
            }
        } catch (NoSuchFileException _) {
            return false;
        }
        ByteBuffer bytes = UTF_8.encode(dump + LAST_LINE);
        try (SeekableByteChannel file = Files.newByteChannel(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
        return true;
    }
}

package io.selvage.server.observe;

import io.selvage.server.net.Datagrams;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Where the lines of a [LogFile] go: a file, which may be closed between lines, a stream of the process, or a socket for
/// datagrams. For one thread at a time, except where it says otherwise.
final class LogTarget {
    private final String name;
    private final Opener opener;
    private final LogFile.Keeping keeping;
    private final boolean datagrams;

    private volatile boolean opened;                       // the last attempt to open for a write succeeded
    private @Nullable OutputStream out;                    // while open
    private @Nullable Object openFile;                     // the identity of the open file, if it is to be checked
    private long checkedNanos;                             // the time of the last check, or of opening
    private long usedNanos;                                // the time of the last write
    private int uses;                                      // lines written without a pause

    private interface Opener {
        OutputStream open() throws IOException;
    }

    private LogTarget(String name, Opener opener, LogFile.Keeping keeping, boolean datagrams) {
        this.name = name;
        this.opener = opener;
        this.keeping = keeping;
        this.datagrams = datagrams;
    }

    private LogTarget(String name, Opener opener) {
        this(name, opener, LogFile.Keeping.FOREVER, false);
    }

    /// A file that is appended to, and created if it does not exist.
    static LogTarget file(Path path) {
        return new LogTarget(path.toString(), () -> new FileOutputStream(path.toFile(), true));
    }

    /// As [#file(Path)], for a file that is not always kept open.
    ///
    /// @param folder a folder that must exist for the file to be opened; empty for none
    static LogTarget file(Path path, Optional<Path> folder, LogFile.Keeping keeping) {
        return new LogTarget(path.toString(), () -> {
            if (folder.isPresent() && !Files.isDirectory(folder.get())) {
                throw new IOException("there is no folder " + folder.get());
            }
            return new FileOutputStream(path.toFile(), true);
        }, keeping, false);
    }

    /// As [#file(Path)], with a header that is written whenever the file is opened.
    static LogTarget headed(Path path, Supplier<byte[]> header) {
        return new LogTarget(path.toString(), () -> {
            OutputStream out = new FileOutputStream(path.toFile(), true);
            try {
                out.write(header.get());
            } catch (IOException e) {
                out.close();
                throw e;
            }
            return out;
        });
    }

    /// As [#file(Path)], for a file that is created with the mode 0600.
    static LogTarget secret(Path path) {
        return new LogTarget(path.toString(), () -> ownersOnly(path));
    }

    /// Opens a file for appending, and creates it with the mode 0600 if it does not exist.
    static OutputStream ownersOnly(Path path) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    /// Datagrams.
    ///
    /// @param address gives the address whenever the socket is opened
    static LogTarget datagrams(String name, Supplier<SocketAddress> address) {
        return new LogTarget(name, () -> Datagrams.to(address.get()), LogFile.Keeping.FOREVER, true);
    }

    /// A stream of the process, which stays open.
    static LogTarget stream(String name, FileDescriptor descriptor) {
        return new LogTarget(name, () -> new Unclosed(descriptor));
    }

    /// For people.
    String name() {
        return name;
    }

    /// Whether each line is written by itself, without its line feed.
    boolean isDatagrams() {
        return datagrams;
    }

    /// True if there was a write, and the last attempt to open succeeded. Any thread.
    boolean wasOpened() {
        return opened;
    }

    /// Opens what is always kept open before the first line, so that the file exists and a failure is known early.
    void open() throws IOException {
        if (keeping == LogFile.Keeping.FOREVER) {
            out = opener.open();
        }
    }

    /// Writes lines, and opens the file if it is not open.
    ///
    /// @param lines how many there are
    /// @param gzip the level at which they are compressed; 0 for text
    void write(byte[] bytes, int length, long lines, int gzip) throws IOException {
        OutputStream open = opened(lines);
        if (gzip == 0) {
            open.write(bytes, 0, length);
        } else {
            open.write(compressed(bytes, length, gzip));
        }
    }

    /// The open file. One that is not kept forever is opened again if its name belongs to another file by now.
    private OutputStream opened(long lines) throws IOException {
        if (keeping != LogFile.Keeping.FOREVER) {
            long now = System.nanoTime();
            uses = (int) Math.min(Integer.MAX_VALUE, lines + (now - usedNanos < keeping.inactive().toNanos() ? uses : 0));
            usedNanos = now;
            if (out != null && now - checkedNanos >= keeping.valid().toNanos()) {
                checkedNanos = now;
                if (!Objects.equals(identity(), openFile)) {
                    close();
                }
            }
        }
        OutputStream open = out;
        if (open == null) {
            opened = false;
            open = opener.open();
            opened = true;
            out = open;
            checkedNanos = System.nanoTime();
            openFile = keeping == LogFile.Keeping.FOREVER ? null : identity();
        }
        return open;
    }

    /// The identity of the file that has the name now; null for none.
    private @Nullable Object identity() {
        try {
            return Files.readAttributes(Path.of(name), BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /// A buffer as a member of a gzip file. A file of several members is one gzip file (RFC 1952 §2.2).
    private static byte[] compressed(byte[] bytes, int length, int level) throws IOException {
        var made = new ByteArrayOutputStream(length / 4);
        try (OutputStream member = new Member(made, level)) {
            member.write(bytes, 0, length);
        }
        return made.toByteArray();
    }

    private static final class Member extends GZIPOutputStream {
        Member(OutputStream out, int level) throws IOException {
            super(out);
            def.setLevel(level);
        }
    }

    /// The time for which the file may stay open without a line, in nanoseconds: 0 if it must be closed now, the largest number
    /// if it need not be closed.
    long openNanos() {
        if (out == null || keeping == LogFile.Keeping.FOREVER) {
            return Long.MAX_VALUE;
        }
        return uses < keeping.minUses() ? 0
                : Math.max(0, keeping.inactive().toNanos() - (System.nanoTime() - usedNanos));
    }

    /// Closes the file if it is open. The next write opens it again.
    void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }

    /// A stream on a descriptor of the process, which stays open.
    private static final class Unclosed extends FileOutputStream {
        Unclosed(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {
        }
    }
}

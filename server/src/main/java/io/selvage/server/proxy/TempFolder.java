package io.selvage.server.proxy;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// A folder for temporary files (`client_body_temp_path`, `proxy_temp_path`), created with the first of them. Any thread.
public final class TempFolder {
    /// A file system with fewer bytes than this counts as full: there is no room for a block.
    private static final long LEAST_FREE = 4096;
    private static final long NAMES = 10_000_000_000L;
    private static final AtomicLong NUMBERS = new AtomicLong(System.currentTimeMillis());
    /// Other users must not read what clients send.
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private final Opener opener;
    private final List<Integer> levels;
    private final Kept kept;

    /// How long a file has a name.
    public enum Kept {
        /// It is deleted as soon as it is open; its bytes exist until it is closed.
        NEVER,
        /// Until it is closed.
        WHILE_OPEN,
        /// The server never deletes it.
        ALWAYS
    }

    /// A folder of files without names, directly in it.
    public TempFolder(Path path) {
        this(path, List.of(), Kept.NEVER);
    }

    /// @param levels how many digits of the names of files name each level of folders below it; at most ten in all
    /// @param kept how long the files have names
    public TempFolder(Path path, List<Integer> levels, Kept kept) {
        this(path, TempFolder::create, levels, kept);
    }

    /// @param opener creates the files
    TempFolder(Path path, Opener opener) {
        this(path, opener, List.of(), Kept.NEVER);
    }

    private TempFolder(Path path, Opener opener, List<Integer> levels, Kept kept) {
        this.path = path;
        this.opener = opener;
        this.levels = List.copyOf(levels);
        this.kept = kept;
    }

    Kept kept() {
        return kept;
    }

    /// Creates a file of a name that no file has, readable and writable.
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                OWN);
    }

    /// Where no names are kept, the name is deleted as soon as the file is open, so nothing is left behind even after a crash.
    private TempFile create() throws IOException {
        while (true) {
            Path file = named("%010d".formatted(Math.floorMod(NUMBERS.getAndIncrement(), NAMES)));
            Files.createDirectories(file.getParent());
            try {
                FileChannel channel = opener.open(file);
                if (kept == Kept.NEVER) {
                    Files.deleteIfExists(file);
                }
                return new TempFile(this, channel, file);
            } catch (FileAlreadyExistsException e) {
                // One that was kept, perhaps by an earlier process: the next number.
            }
        }
    }

    /// A file of a name, in the folders of its last digits: `7/45/0000123457` for the levels 1 and 2.
    private Path named(String name) {
        Path folder = path;
        int end = name.length();
        for (int level : levels) {
            folder = folder.resolve(name.substring(end - level, end));
            end -= level;
        }
        return folder.resolve(name);
    }

    /// Creates a file.
    ///
    /// @throws Failure [Failure.What#NO_SPACE] where the file system is full, else [Failure.What#REFUSED]
    TempFile open() throws Failure {
        try {
            return BlockingExecutor.call(this::create);
        } catch (IOException e) {
            Space space = BlockingExecutor.call(this::space);
            throw unwritable(space.free() < LEAST_FREE ? Failure.What.NO_SPACE : Failure.What.REFUSED, space, e);
        }
    }

    /// The failure of a write to an open file: whatever its reason, there is no place for these bytes.
    Failure unwritable(IOException why) {
        return unwritable(Failure.What.NO_SPACE, BlockingExecutor.call(this::space), why);
    }

    private Failure unwritable(Failure.What what, Space space, IOException why) {
        return Failure.here(what,
                "a body could not be written to a temporary file in \"" + path + "\"" + space.text() + ": " + why);
    }

    /// @param free bytes
    private record Space(long free, String text) {
    }

    private Space space() {
        try {
            FileStore store = Files.getFileStore(path);
            long free = store.getUsableSpace();
            return new Space(free, " (file system " + store + ", " + free + " bytes free)");
        } catch (IOException _) {
            return new Space(Long.MAX_VALUE, "");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TempFolder folder && path.equals(folder.path) && kept == folder.kept
                && levels.equals(folder.levels);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

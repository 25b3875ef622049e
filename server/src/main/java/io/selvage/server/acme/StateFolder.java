package io.selvage.server.acme;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A folder with secrets that several processes share: files of mode 0600 in folders of mode 0700. A file is written completely
/// under another name first and is on disk before it gets its own, so that readers see the old or the new one, also after a
/// crash.
final class StateFolder {
    /// In bytes.
    static final int LARGEST_FILE = 1 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    /// The lock files that this process holds. The system's locks belong to processes, and closing any descriptor of a file gives
    /// its lock up, so one that this process has must not be opened again.
    private static final Set<Path> HELD = new HashSet<>();   // guarded by itself

    private final Path folder;

    StateFolder(Path folder) {
        this.folder = folder;
    }

    /// Creates the folder, and those above it, if it does not exist.
    void create() throws IOException {
        Files.createDirectories(folder, OWNER_ONLY_FOLDER);
    }

    Path path() {
        return folder;
    }

    /// @param name relative, without `..`
    Optional<String> read(String name) throws IOException {
        try (var in = Files.newInputStream(folder.resolve(name))) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new IOException(folder.resolve(name) + " is larger than " + LARGEST_FILE + " bytes");
            }
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// What identifies the content of a file: its number and its time. Empty if there is no such file.
    Optional<Object> version(String name) throws IOException {
        try {
            var attributes = Files.readAttributes(folder.resolve(name), "unix:ino,lastModifiedTime");
            return Optional.of(attributes);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    void write(String name, String content) throws IOException {
        Path target = folder.resolve(name);
        Path parent = target.resolveSibling("");
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent, OWNER_ONLY_FOLDER);
            giveToOwner(parent);
        }
        Path temporary = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel channel = (FileChannel) Files.newByteChannel(temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.ISO_8859_1));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            giveToOwner(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel entries = FileChannel.open(parent)) {
            entries.force(true);                           // the new name
        }
    }

    /// What root writes, for example with a command, belongs to the owner of the folder.
    private void giveToOwner(Path file) throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        if (!owner.equals(Files.getOwner(file))) {
            Files.setOwner(file, owner);
        }
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    /// The exclusive use of the folder for orders; empty while another process or thread has it. The system ends it with the
    /// process.
    Optional<Lock> tryLock() throws IOException {
        Path file = folder.resolve("lock").toAbsolutePath();
        synchronized (HELD) {
            if (!HELD.add(file)) {
                return Optional.empty();
            }
        }
        Optional<Lock> lock = Optional.empty();
        try {
            lock = lock(file);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                release(file);
            }
        }
    }

    private Optional<Lock> lock(Path file) throws IOException {
        FileChannel channel = (FileChannel) Files.newByteChannel(file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
        giveToOwner(file);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(() -> {
            channel.close();
            release(file);
        });
    }

    private static void release(Path file) {
        synchronized (HELD) {
            HELD.remove(file);
        }
    }

    /// A lock that is held.
    interface Lock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}

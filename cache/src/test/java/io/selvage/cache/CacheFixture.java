package io.selvage.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/// A folder, a cache, and the two clocks of the cache. The wall clock is an hour ahead, so that every file counts as settled.
final class CacheFixture {
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);    // soon overflows, as nanoTime may
    final Path folder;
    final FileCache cache;
    Instant wall = Instant.now().plusSeconds(3600);

    CacheFixture(Path folder, FileCacheSettings settings) {
        this(folder, settings, Runnable::run);
    }

    CacheFixture(Path folder, FileCacheSettings settings, Executor reading) {
        this(folder, settings, reading, new OpenFiles(0));
    }

    CacheFixture(Path folder, FileCacheSettings settings, Executor reading, OpenFiles open) {
        this.folder = folder;
        this.cache = new FileCache(settings, nanos::get, () -> wall, reading, open);
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /// Renames a new file over the old one: another inode, with the same size and modification time.
    void replace(String name, String text) throws IOException {
        FileTime modified = Files.getLastModifiedTime(folder.resolve(name));
        Path fresh = Files.writeString(folder.resolve("fresh"), text);
        Files.setLastModifiedTime(fresh, modified);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    FileName name(String name) {
        return new FileName(FileName.of(folder) + "/" + name);
    }

    FileLookup find(String name) {
        return cache.find(name(name));
    }

    /// Describes the result of a lookup: the content of the file, or the kind of the answer.
    String look(String name) throws IOException {
        return switch (find(name)) {
            case FileLookup.Ready(_, var ready)   -> StandardCharsets.UTF_8.decode(ready.duplicate()).toString();
            case FileLookup.Open open             -> "open:" + read(open);
            case FileLookup.OnDisk disk           -> "disk:" + read(disk);
            case FileLookup.Directory()           -> "directory";
            case FileLookup.Missing()             -> "missing";
            case FileLookup.Forbidden()           -> "forbidden";
            case FileLookup.NotRegular()          -> "not regular";
            case FileLookup.Broken(IOException e) -> "broken";
        };
    }

    private static String read(FileLookup.Open open) throws IOException {
        if (!open.file().use()) {
            return "closed";
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocate(1 << 16).put(open.start().duplicate());
            open.file().channel().read(bytes, bytes.position());
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } finally {
            open.file().done();
        }
    }

    private static String read(FileLookup.OnDisk disk) throws IOException {
        var opened = disk.open();
        if (opened.isEmpty()) {
            return "another";
        }
        try (FileChannel file = opened.get()) {
            ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
            file.read(bytes);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        }
    }
}

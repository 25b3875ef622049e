package io.selvage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// Lookups on a file system whose response time the test sets.
class SlowDiskTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger onExecutor = new AtomicInteger();
    @TempDir Path folder;

    private long step;
    private final FileCache cache = new FileCache(FileCacheSettings.off(), () -> nanos.getAndAdd(step), InstantSource.system(),
            this::runOnExecutor, new OpenFiles(0));

    private void runOnExecutor(Runnable task) {
        onExecutor.incrementAndGet();
        task.run();
    }

    private FileLookup look(String name) {
        return cache.find(new FileName(FileName.of(folder) + "/" + name));
    }

    @Test void callingThreadQueriesAFastDisk() {
        look("missing");
        look("missing");
        assertEquals(0, onExecutor.get());
    }

    @Test void executorQueriesASlowDiskForSomeSeconds() throws IOException {
        Files.writeString(folder.resolve("there"), "x");
        step = Duration.ofMillis(20).toNanos();
        look("missing");
        assertEquals(0, onExecutor.get());
        step = 0;
        assertInstanceOf(FileLookup.Missing.class, look("missing"));
        assertInstanceOf(FileLookup.OnDisk.class, look("there"));
        assertEquals(2, onExecutor.get());
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        look("missing");
        assertEquals(2, onExecutor.get());
    }
}

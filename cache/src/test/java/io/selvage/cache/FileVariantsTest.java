package io.selvage.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(20)
class FileVariantsTest {
    private static final FileCacheSettings STANDARD = FileCacheSettings.standard();

    @TempDir Path folder;

    private final AtomicInteger made = new AtomicInteger();

    private record Sized(int bytes) implements FileVariants.Variant {}

    private Sized variant(CacheFixture fixture, String name, String key, int bytes) {
        return variants(fixture, name).get(key, Sized.class, () -> {
            made.incrementAndGet();
            return new Sized(bytes);
        });
    }

    private static FileVariants variants(CacheFixture fixture, String name) {
        return switch (fixture.find(name)) {
            case FileLookup.Ready(var facts, _)   -> facts.variants();
            case FileLookup.Open(var facts, _, _) -> facts.variants();
            default -> throw new AssertionError();
        };
    }

    @Test void variantIsMadeOnceForEachKey() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        Sized first = variant(fixture, "a", "gzip", 10);
        assertSame(first, variant(fixture, "a", "gzip", 10));
        assertNotSame(first, variant(fixture, "a", "br", 10));
        assertEquals(2, made.get());
    }

    @Test void variantSurvivesACheckOfAnUnchangedFile() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        Sized first = variant(fixture, "a", "gzip", 10);
        fixture.pass(Duration.ofSeconds(2));
        assertSame(first, variant(fixture, "a", "gzip", 10));
    }

    @Test void variantOfAChangedFileIsMadeAgain() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        variant(fixture, "a", "gzip", 10);
        fixture.replace("a", "two");
        fixture.pass(Duration.ofSeconds(1));
        variant(fixture, "a", "gzip", 10);
        assertEquals(2, made.get());
    }

    @Test void bytesOfVariantsAreCharged() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        fixture.look("a");
        long before = fixture.cache.counts().bytes();
        variant(fixture, "a", "gzip", 5000);
        assertEquals(before + 5000, fixture.cache.counts().bytes());
        variant(fixture, "a", "br", 3000);
        assertEquals(before + 8000, fixture.cache.counts().bytes());
        fixture.pass(Duration.ofSeconds(2));
        fixture.look("a");
        assertEquals(before + 8000, fixture.cache.counts().bytes());
    }

    @Test void bytesOfVariantsOfAnOpenFileAreCharged() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxFileSize(2), Runnable::run, new OpenFiles(9));
        fixture.write("a", "longer");
        assertEquals("open:longer", fixture.look("a"));
        long before = fixture.cache.counts().bytes();
        variant(fixture, "a", "gzip", 5000);
        assertEquals(before + 5000, fixture.cache.counts().bytes());
        assertEquals("open:longer", fixture.look("a"));
    }

    @Test void variantsAreBoundedWithTheirFiles() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxBytes(100_000));
        for (int i = 0; i < 50; i++) {
            fixture.write("file" + i, "x");
            variant(fixture, "file" + i, "gzip", 10_000);
            assertTrue(fixture.cache.counts().bytes() <= 100_000, () -> "too much: " + fixture.cache.counts());
        }
        assertTrue(fixture.cache.counts().evicted() >= 40, () -> "too few: " + fixture.cache.counts());
    }

    @Test void concurrentThreadsWaitForTheOneThatMakesIt() throws Exception {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        FileVariants variants = variants(fixture, "a");
        var started = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Sized>> all = IntStream.range(0, 20)
                    .mapToObj(_ -> threads.submit(() -> variants.get("gzip", Sized.class, () -> {
                        made.incrementAndGet();
                        started.countDown();
                        released.await();
                        return new Sized(1);
                    }))).toList();
            started.await();
            released.countDown();
            for (Future<Sized> each : all) {
                assertSame(all.getFirst().get(), each.get());
            }
        }
        assertEquals(1, made.get());
    }

    @Test void failureIsThrownAndTheNextThreadTriesAgain() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        fixture.write("a", "one");
        FileVariants variants = variants(fixture, "a");
        assertThrows(IOException.class, () -> variants.get("gzip", Sized.class, () -> {
            throw new IOException("no");
        }));
        assertEquals(7, variant(fixture, "a", "gzip", 7).bytes());
    }
}

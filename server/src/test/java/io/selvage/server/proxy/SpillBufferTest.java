package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SpillBufferTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Failure> troubles = new LinkedBlockingQueue<>();

    @Test
    void bytesThatFitStayInMemory() throws Exception {
        SpillBuffer backlog = backlog(8, 100, folder.resolve("none"));
        FakeBody source = FakeBody.chunked("abc", "defgh");
        fill(backlog, source, 2);
        assertEquals("abcde", take(backlog, 5));
        assertEquals("fgh", take(backlog, 5));
        assertFalse(backlog.hasNow());
        assertFalse(Files.exists(folder.resolve("none")));
        end(backlog, Optional.empty());
        assertEquals("end", take(backlog, 5));
    }

    @Test
    void excessGoesThroughUnnamedFileUntilTakerCatchesUp() throws Exception {
        SpillBuffer backlog = backlog(4, 100, folder.resolve("made"));
        FakeBody source = FakeBody.chunked("abcd", "efg", "hij", "kl", "m");
        fill(backlog, source, 2);
        assertEquals("ab", take(backlog, 2));
        fill(backlog, source, 1);
        assertEquals(List.of(), files(folder.resolve("made")));
        assertEquals("cd", take(backlog, 5));
        assertEquals("efghi", take(backlog, 5));
        assertEquals("j", take(backlog, 5));
        fill(backlog, source, 2);
        assertEquals("klm", take(backlog, 5));
        end(backlog, Optional.empty());
        backlog.cancel();
        backlog.cancel();
        assertEquals(List.of(), files(folder.resolve("made")));
    }

    @Test
    void failureIsThrownAfterBytes() throws Exception {
        SpillBuffer backlog = backlog(4, 100, folder);
        fill(backlog, FakeBody.chunked("abcd", "efg"), 2);
        Failure failure = Failure.upstream(Failure.What.CLOSED, false, "died");
        end(backlog, Optional.of(failure));
        assertEquals("abcd", take(backlog, 9));
        assertEquals("efg", take(backlog, 9));
        assertSame(failure, assertThrows(Failure.class, () -> take(backlog, 9)));
        backlog.cancel();
    }

    @Test
    void fillerWaitsWhenFileCannotBeCreated() throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("file"));
        SpillBuffer backlog = backlog(4, 100, notAFolder);
        FakeBody source = FakeBody.chunked("abcd", "efg");
        fill(backlog, source, 2);
        assertEquals(4, source.taken());
        assertEquals(1, troubles.size());
        assertEquals("abcd", take(backlog, 9));
        fill(backlog, source, 1);
        assertEquals("efg", take(backlog, 9));
    }

    @Test
    void fillerGoesOnInMemoryWhenTheFileIsFull() throws Exception {
        SpillBuffer backlog = backlog(4, 1000, new FakeFile(3).folder());
        FakeBody source = FakeBody.chunked("abcd", "efg", "hijklm", "nop");
        fill(backlog, source, 2);
        Thread.ofVirtual().start(() -> filled(backlog, source));
        assertEquals(Failure.What.NO_SPACE, troubles.take().what());
        StringBuilder all = new StringBuilder();
        for (String some = take(backlog, 2); !some.equals("end"); some = take(backlog, 2)) {
            all.append(some);
        }
        assertEquals("abcdefghijklmnop", all.toString());
        assertEquals(0, troubles.size());
        backlog.cancel();
    }

    @Test
    void cancellationEndsWaitOfFillerWhoseFileIsFull() throws Exception {
        SpillBuffer backlog = backlog(4, 1000, new FakeFile(0).folder());
        FakeBody source = FakeBody.chunked("abcd", "never taken");
        fill(backlog, source, 1);
        FutureTask<Boolean> filler = new FutureTask<>(() -> {
            boolean filled = backlog.fill(source);
            backlog.end(Optional.empty());
            return filled;
        });
        Thread.ofVirtual().start(filler);
        backlog.cancel();
        assertFalse(filler.get());
    }

    /// As [#bytesArriveInOrderWithinBounds], with a file system that is full at some point.
    @RepeatedTest(20)
    void bytesArriveInOrderWhenTheFileBecomesFull(RepetitionInfo run) throws Exception {
        SplittableRandom random = new SplittableRandom(run.getCurrentRepetition());
        int length = 300_000;
        SpillBuffer backlog = backlog(random.nextInt(1, 5_000), 100_000, new FakeFile(random.nextInt(0, 60_000)).folder());
        Stretch source = new Stretch(length, random.split(), _ -> { });
        Thread.ofVirtual().start(() -> filled(backlog, source));
        ByteBuffer all = ByteBuffer.allocate(length + 1);
        int count = 0;
        while (count >= 0) {
            count = backlog.take(all.limit(Math.min(all.capacity(), all.position() + random.nextInt(1, 9000))));
        }
        backlog.cancel();
        assertEquals(length, all.flip().remaining());
        for (int i = 0; i < length; i++) {
            assertEquals(Stretch.byteAt(i), all.get(i));
        }
    }

    @Test
    void cancellationEndsWaitOfFiller() throws Exception {
        SpillBuffer backlog = backlog(4, 0, folder);
        FakeBody source = FakeBody.chunked("abcd", "never read");
        fill(backlog, source, 1);
        FutureTask<Boolean> filler = new FutureTask<>(() -> {
            boolean filled = backlog.fill(source);
            backlog.end(Optional.empty());
            return !filled;
        });
        Thread.ofVirtual().start(filler);
        backlog.cancel();
        assertEquals(4, source.taken());
        assertTrue(filler.get());
    }

    /// All bytes arrive in order, and the source is never further ahead than the bounds allow, whichever side is faster.
    @RepeatedTest(40)
    void bytesArriveInOrderWithinBounds(RepetitionInfo run) throws Exception {
        SplittableRandom random = new SplittableRandom(run.getCurrentRepetition());
        int inMemory = random.nextInt(1, 20_000);
        int inFile = run.getCurrentRepetition() % 2 == 0 ? 0 : random.nextInt(1, 50_000);
        int length = 300_000;
        SpillBuffer backlog = backlog(inMemory, inFile, folder);
        AtomicLong asked = new AtomicLong();
        AtomicLong furthest = new AtomicLong();
        SplittableRandom pieces = random.split();
        Stretch source = new Stretch(length, pieces, given -> furthest.accumulateAndGet(given - asked.get(), Math::max));
        Thread.ofVirtual().start(() -> filled(backlog, source));

        ByteBuffer all = ByteBuffer.allocate(length + 1);
        int count = 0;
        while (count >= 0) {
            int most = random.nextInt(1, 9000);
            asked.set(all.position() + most);
            count = backlog.take(all.limit(Math.min(all.capacity(), all.position() + most)));
        }
        backlog.cancel();
        assertEquals(length, all.flip().remaining());
        for (int i = 0; i < length; i++) {
            assertEquals(Stretch.byteAt(i), all.get(i));
        }
        assertTrue(furthest.get() <= inMemory + inFile, () -> furthest + " > " + inMemory + " + " + inFile);
    }

    private static void filled(SpillBuffer backlog, BodySource source) {
        Optional<Failure> why = Optional.empty();
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = backlog.fill(source);
            }
        } catch (Failure failure) {
            why = Optional.of(failure);
        }
        backlog.end(why);
    }

    private SpillBuffer backlog(int inMemory, long inFile, Path where) {
        return backlog(inMemory, inFile, new TempFolder(where));
    }

    private SpillBuffer backlog(int inMemory, long inFile, TempFolder where) {
        return new SpillBuffer(new BufferingOptions(true, inMemory, inFile, where), troubles::add);
    }

    private static void fill(SpillBuffer backlog, BodySource source, int times) throws Failure {
        for (int i = 0; i < times; i++) {
            assertTrue(backlog.fill(source));
        }
    }

    private static void end(SpillBuffer backlog, Optional<Failure> why) {
        backlog.end(why);
        assertTrue(backlog.hasNow());
    }

    private static String take(SpillBuffer backlog, int most) throws Failure {
        ByteBuffer into = ByteBuffer.allocate(most);
        int count = backlog.take(into);
        assertEquals(Math.max(0, count), into.flip().remaining());
        return count < 0 ? "end" : ISO_8859_1.decode(into).toString();
    }

    private static List<Path> files(Path where) throws IOException {
        try (Stream<Path> list = Files.list(where)) {
            return list.toList();
        }
    }
}

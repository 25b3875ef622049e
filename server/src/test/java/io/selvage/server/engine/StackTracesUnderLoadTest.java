package io.selvage.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Stack traces of threads that run, wait and wake. H and a number refer to the hazards in server/engine.md.
class StackTracesUnderLoadTest extends CarrierFixture {
    /// H6 and H13: thread dumps suspend threads and queue them again.
    @Test
    void threadDumpsUnderLoadDisturbNoThread() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<FutureTask<Integer>> talks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pair pair = Pair.open();
            pairs.add(pair);
            pair.far().configureBlocking(false);
            Carrier where = i % 2 == 0 ? carrier : other;
            for (SocketChannel end : List.of(pair.near(), pair.far())) {
                FutureTask<Integer> talk = new FutureTask<>(() -> talk(where, end, end == pair.near(), enough));
                Thread thread = where.thread("talk", talk);
                talks.add(talk);
                threads.add(thread);
                thread.start();
            }
        }
        for (int i = 0; i < 20; i++) {
            assertFalse(Thread.getAllStackTraces().isEmpty());
            assertTrue(ThreadDump.text().contains(" virtual threads, "));
            for (int k = 0; k < 20; k++) {
                threads.forEach(Thread::getStackTrace);
            }
        }
        enough.set(true);
        for (FutureTask<Integer> talk : talks) {
            assertTrue(talk.get() > 0);
        }
        for (Pair pair : pairs) {
            pair.close();
        }
    }

    /// Says a number and waits for the next one, in turns with the other end.
    private static int talk(Carrier where, SocketChannel channel, boolean begins, AtomicBoolean enough) throws IOException {
        Readiness readiness = where.register(channel);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        byte expected = (byte) (begins ? 1 : 0);
        int count = 0;
        if (begins) {
            channel.write(ByteBuffer.wrap(new byte[1]));
        }
        while (true) {
            int got = channel.read(buffer.clear());
            while (got == 0) {
                assertTrue(readiness.awaitReadable(in(50_000)));
                got = channel.read(buffer);
            }
            if (got < 0) {
                return count;
            }
            assertEquals(expected, buffer.get(0));
            expected += 2;
            count++;
            if (begins && enough.get()) {
                channel.shutdownOutput();
                return count;
            }
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (buffer.get(0) + 1)}));
        }
    }
}

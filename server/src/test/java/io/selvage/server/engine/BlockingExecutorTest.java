package io.selvage.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Work of unknown duration that a thread of a carrier starts. H and a number refer to the hazards in server/engine.md.
class BlockingExecutorTest extends CarrierFixture {
    /// H9: a file whose reader waits, as on a disk that does not answer.
    @Test
    void blockingWorkDoesNotBlockTheCarrier(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        FutureTask<String> reading = start(carrier, () -> BlockingExecutor.call(() -> Files.readString(fifo)));
        assertEquals("served", run(() -> "served"));
        assertFalse(reading.isDone());
        try (FileChannel writer = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
            writer.write(ByteBuffer.wrap("late".getBytes()));
        }
        assertEquals("late", reading.get());
    }

    @Test
    void exceptionOfBlockingWorkIsThrownToTheCaller() throws Exception {
        run(() -> {
            assertThrows(IOException.class, () -> BlockingExecutor.call(() -> {
                throw new IOException("disk");
            }));
            assertThrows(IllegalStateException.class, () -> BlockingExecutor.call(() -> {
                throw new IllegalStateException("bug");
            }));
            return null;
        });
    }

    @Test
    void callerOutsideACarrierRunsTheWorkItself() {
        assertEquals(Thread.currentThread(), BlockingExecutor.call(Thread::currentThread));
    }

    @Test
    void interruptDuringBlockingWorkIsPreserved() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<Boolean> working = new FutureTask<>(() -> {
            BlockingExecutor.call(() -> {
                started.countDown();
                goOn.await();
                return "";
            });
            return Thread.interrupted();
        });
        Thread thread = carrier.thread("", working);
        thread.start();
        started.await();
        thread.interrupt();
        run(() -> "a turn");
        assertFalse(working.isDone());
        goOn.countDown();
        assertTrue(working.get());
    }
}

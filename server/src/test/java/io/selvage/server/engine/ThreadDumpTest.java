package io.selvage.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ThreadDumpTest extends CarrierFixture {
    private static final StackTraceElement READ = new StackTraceElement("a.Reader", "read", "Reader.java", 7);
    private static final StackTraceElement SERVE = new StackTraceElement("a.Server", "serve", "Server.java", 3);

    private static ThreadDump.Seen seen(String label, Thread.State state, StackTraceElement... stack) {
        return new ThreadDump.Seen(label, state, List.of(stack));
    }

    private static String text(Stream<ThreadDump.Seen> threads) {
        StringBuilder text = new StringBuilder();
        ThreadDump.append(text, "threads", threads);
        return text.toString();
    }

    @Test
    void threadsWithTheSameStateAndStackAreListedTogether() {
        assertEquals("""
                4 threads, 3 different stacks

                2 WAITING: 10.0.0.1:1 #5, 10.0.0.1:2 #6
                    at a.Reader.read(Reader.java:7)
                    at a.Server.serve(Server.java:3)

                1 RUNNABLE: main #1
                    at a.Server.serve(Server.java:3)

                1 RUNNABLE: 10.0.0.1:3 #7
                    at a.Reader.read(Reader.java:7)
                    at a.Server.serve(Server.java:3)

                """, text(Stream.of(seen("main #1", Thread.State.RUNNABLE, SERVE),
                        seen("10.0.0.1:1 #5", Thread.State.WAITING, READ, SERVE),
                        seen("10.0.0.1:3 #7", Thread.State.RUNNABLE, READ, SERVE),
                        seen("10.0.0.1:2 #6", Thread.State.WAITING, READ, SERVE))));
    }

    @Test
    void onlyTheFirstTwentyThreadsOfAGroupAreNamed() {
        String text = text(IntStream.range(0, 1000).mapToObj(i -> seen("t" + i, Thread.State.WAITING, READ)));

        assertTrue(text.contains("\n1000 WAITING: t0, t1, ") && text.contains(", t19 and 980 more\n"), text);
        assertFalse(text.contains("t20"), text);
    }

    @Test
    void showsCarriersAndTheirThreadsWithOwners() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        List<FutureTask<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            FutureTask<Void> task = new FutureTask<>(() -> heldHere(hold), null);
            waiting.add(task);
            carrier.thread(new Object() {
                @Override
                public String toString() {
                    return "owner-" + number;
                }
            }, task).start();
        }
        run(() -> "all have started");

        String text = ThreadDump.text();
        hold.countDown();
        for (FutureTask<Void> task : waiting) {
            task.get();
        }

        assertTrue(text.contains("selvage-carrier-0 #") && text.contains("selvage-watchdog #"), text);
        assertTrue(text.matches("(?s).* WAITING: owner-\\d #\\d+, owner-\\d #\\d+, owner-\\d #\\d+\n.*"), text);
        assertTrue(text.contains("    at " + ThreadDumpTest.class.getName() + ".heldHere("), text);
        assertFalse(ThreadDump.text().contains("owner-"), "threads that have ended");
    }

    private static void heldHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void showsThreadsThatTheThreadsOfACarrierStart() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        run(() -> {
            ThreadRegistry.start("beside it", () -> {
                started.countDown();
                heldHere(hold);
                done.countDown();
            });
            return "";
        });
        started.await();
        String text = ThreadDump.text();
        hold.countDown();
        done.await();
        assertTrue(text.contains("beside it #"), text);
    }
}

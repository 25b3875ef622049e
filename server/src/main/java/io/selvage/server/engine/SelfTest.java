package io.selvage.server.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Tests a carrier before anything depends on it, because the internals of the JDK may change.
public final class SelfTest {
    private static final long PATIENCE_MILLIS = 2000;

    private SelfTest() {
    }

    /// Makes the JDK start its pollers, the threads behind blocking channels, on its own scheduler now. They are virtual
    /// threads, and would run on one of our carriers if the first such call came from there.
    ///
    /// The JDK starts them at the first wait. If no descriptor is free then, their class stays unusable for good, and every later
    /// wait of a blocking channel fails.
    public static void warmUpPollers() throws EngineMissing {
        within("the JDK's own virtual threads", done -> Thread.ofVirtual().start(() -> {
            try (ServerSocketChannel listening = ServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    SocketChannel near = SocketChannel.open(listening.getLocalAddress());
                    SocketChannel far = listening.accept()) {
                Thread.ofVirtual().start(() -> writeOne(far));
                near.read(ByteBuffer.allocate(1));
                done.complete("");
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        }));
    }

    private static void writeOne(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(new byte[1]));
        } catch (IOException _) {
            // The reader's side of the test reports that nothing arrived.
        }
    }

    static void run(Carrier carrier) throws EngineMissing {
        within("a thread on a carrier", done -> carrier.thread("self-test", () -> done.complete(where(carrier))).start());
        within("a yield", done -> carrier.thread("self-test", () -> {
            Thread.yield();
            done.complete(where(carrier));
        }).start());
        within("a sleep", done -> carrier.thread("self-test", () -> {
            LockSupport.parkNanos(1_000_000);
            done.complete(where(carrier));
        }).start());
        within("a wake-up from outside", done -> {
            Thread thread = carrier.thread("self-test", () -> {
                LockSupport.park();
                done.complete(where(carrier));
            });
            thread.start();
            LockSupport.unpark(thread);
        });
        within("a lock that another thread holds", done -> lock(carrier, done));
        within("a channel's readiness", done -> carrier.thread("self-test", () -> pipe(carrier, done)).start());
    }

    private static void lock(Carrier carrier, CompletableFuture<String> done) {
        Object lock = new Object();
        synchronized (lock) {
            Thread waiting = carrier.thread("self-test", () -> {
                synchronized (lock) {
                    done.complete(where(carrier));
                }
            });
            waiting.start();
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (waiting.getState() != Thread.State.BLOCKED && System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static void pipe(Carrier carrier, CompletableFuture<String> done) {
        try {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            Readiness readiness = carrier.register(pipe.source());
            carrier.thread("self-test", () -> writeOne(pipe)).start();
            boolean ready = readiness.awaitReadable(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS));
            int count = pipe.source().read(ByteBuffer.allocate(1));
            pipe.source().close();
            pipe.sink().close();
            done.complete(ready && count == 1 ? where(carrier) : "it was not seen");
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }

    private static void writeOne(Pipe pipe) {
        try {
            pipe.sink().write(ByteBuffer.wrap(new byte[1]));
        } catch (IOException _) {
            // The reader's side of the test reports that nothing arrived.
        }
    }

    private static String where(Carrier carrier) {
        boolean here = Thread.currentThread().isVirtual() && CarrierThreads.currentCarrier() == carrier.platformThread();
        return here ? "" : "it ran elsewhere";
    }

    private interface Step {
        void start(CompletableFuture<String> done);
    }

    private static void within(String what, Step step) throws EngineMissing {
        var done = new CompletableFuture<String>();
        step.start(done);
        String wrong;
        try {
            wrong = done.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            wrong = String.valueOf(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            wrong = "it took longer than " + PATIENCE_MILLIS + " ms";
        }
        if (!wrong.isEmpty()) {
            throw new EngineMissing("self-test of " + what + " failed: " + wrong);
        }
    }
}

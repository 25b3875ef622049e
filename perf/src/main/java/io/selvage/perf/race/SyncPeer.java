package io.selvage.perf.race;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// An application with a few synchronous workers, as in many Python servers: each accepts one connection, is busy, answers and
/// closes. Further connections wait in the listen queue.
final class SyncPeer implements TestPeer {
    private static final int BACKLOG = 2048;
    private static final int READ_TIMEOUT_MILLIS = 30_000;
    /// A worker that finds a waiting connection takes it much sooner.
    private static final int QUIET_MILLIS = 50;

    private final ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    private final Duration delay;
    private final byte[] answer;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();

    SyncPeer(int workers, Duration delay, int length) throws IOException {
        this.delay = delay;
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: ";
        answer = (head + length + "\r\n\r\n" + "x".repeat(length)).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < workers; i++) {
            Thread.ofPlatform().daemon().name("sync-peer-" + i).start(this::work);
        }
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    /// The queue of the listener is empty if no worker is busy for a while.
    @Override
    public boolean awaitIdle(Duration most) throws InterruptedException {
        long giveUp = System.nanoTime() + most.toNanos();
        long before;
        do {
            if (System.nanoTime() >= giveUp) {
                return false;
            }
            before = accepted.get();
            Thread.sleep(QUIET_MILLIS);
        } while (busy.get() > 0 || accepted.get() != before);
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void work() {
        while (!listener.isClosed()) {
            try (Socket caller = listener.accept()) {
                busy.incrementAndGet();
                accepted.incrementAndGet();
                try {
                    serve(caller);
                } finally {
                    busy.decrementAndGet();
                }
            } catch (IOException e) {
                // the client closed, or this peer was closed
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(Socket caller) throws IOException, InterruptedException {
        caller.setSoTimeout(READ_TIMEOUT_MILLIS);
        var in = new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        if (line != null) {
            Thread.sleep(delay);
            caller.getOutputStream().write(answer);
        }
    }
}

package io.selvage.deploy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A peer that answers numbered requests, records which it has processed, and breaks off exchanges as a test wants.
final class FaultyPeer implements Executions, AutoCloseable {
    private static final int SHORT_KEEP_ALIVE_MILLIS = 5;
    private static final int MOST_HELD = 10;

    /// What the peer does wrong.
    enum Fault {
        NONE,
        /// Processes the request and resets the connection instead of answering.
        RESET_BEFORE_ANSWER,
        /// Processes the request and resets the connection in the middle of the answer's head.
        RESET_IN_HEAD,
        /// Processes the request and resets the connection in the middle of the answer's body.
        RESET_IN_BODY,
        /// Closes a kept connection when the next request arrives on it, without processing that.
        CLOSE_AT_NEXT_REQUEST,
        /// Resets a kept connection when the next request arrives on it, without processing that.
        RESET_AT_NEXT_REQUEST,
        /// Closes connections that have been idle for five milliseconds, whatever is on its way to them.
        SHORT_KEEP_ALIVE,
        /// Processes the request and answers after [#release()]. Ten requests at most are held.
        HOLD
    }

    private final Peer peer = new Peer();
    private final Map<Long, Integer> processed = new ConcurrentHashMap<>();
    private final Set<Long> disturbed = ConcurrentHashMap.newKeySet();
    private final Semaphore disturbances = new Semaphore(0);
    private final Semaphore holds = new Semaphore(MOST_HELD);
    private volatile Fault fault = Fault.NONE;
    private volatile CountDownLatch held = new CountDownLatch(1);

    FaultyPeer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    /// The address, as in a configuration.
    String address() {
        return "127.0.0.1:" + peer.port();
    }

    void start(Fault wanted) {
        disturbances.drainPermits();
        held = new CountDownLatch(1);
        fault = wanted;
    }

    /// Ends the fault for requests that arrive from now on, and answers those that are held.
    void release() {
        fault = Fault.NONE;
        held.countDown();
    }

    /// Waits until this many exchanges have been broken off or held.
    void awaitDisturbed(int count) throws InterruptedException {
        assertTrue(disturbances.tryAcquire(count, 20, TimeUnit.SECONDS), () -> fault + " met " + disturbed.size() + " requests");
    }

    /// True if the exchange was broken off here.
    boolean hasDisturbed(Outcome outcome) {
        return disturbed.contains(outcome.request().number());
    }

    @Override
    public Map<Long, Integer> counts() {
        return processed;
    }

    private void accept() {
        try {
            while (true) {
                Peer.Link link = peer.connection();
                Thread.ofVirtual().start(() -> serve(link));
            }
        } catch (SocketException _) {
            // closed
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(Peer.Link link) {
        try (link) {
            boolean goesOn = answer(link, true);
            while (goesOn) {
                link.awaitBytes(fault == Fault.SHORT_KEEP_ALIVE ? SHORT_KEEP_ALIVE_MILLIS : 0);
                goesOn = answer(link, false);
            }
        } catch (SocketTimeoutException _) {
            // idle for too long
        } catch (IOException _) {
            // the server has closed the connection
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param first of this connection
    /// @return true if another request may follow
    private boolean answer(Peer.Link link, boolean first) throws IOException, InterruptedException {
        Peer.Request request = link.request();
        Fault now = fault;
        String[] target = request.head().getFirst().split(" ")[1].split("/");
        long number = Long.parseLong(target[target.length - 2]);
        byte[] body = request.input().readNBytes(Integer.parseInt("0" + request.value("Content-Length")));
        if (!first && (now == Fault.CLOSE_AT_NEXT_REQUEST || now == Fault.RESET_AT_NEXT_REQUEST)) {
            disturb(number);
            end(link, now == Fault.RESET_AT_NEXT_REQUEST);
            return false;
        }
        if (!NumberedRequest.sha256(body).equals(request.value("Body-Sha256"))) {
            request.answer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        processed.merge(number, 1, Integer::sum);
        byte[] content = NumberedRequest.content(number, Integer.parseInt(target[target.length - 1]));
        return respond(link, request, now, number, content);
    }

    private boolean respond(Peer.Link link, Peer.Request request, Fault now, long number, byte[] content)
            throws IOException, InterruptedException {
        String text = number % 4 < 2 ? withLength(content) : inChunks(content);
        switch (now) {
            case RESET_BEFORE_ANSWER -> {
                disturb(number);
                end(link, true);
                return false;
            }
            case RESET_IN_HEAD -> {
                request.answer(text.substring(0, text.indexOf("\r\n\r\n")));
                disturb(number);
                end(link, true);
                return false;
            }
            case RESET_IN_BODY -> {
                request.answer(text.substring(0, text.length() - content.length / 2));
                disturb(number);
                end(link, true);
                return false;
            }
            case HOLD -> {
                if (holds.tryAcquire()) {
                    disturb(number);
                    held.await();
                    holds.release();
                }
                request.answer(text);
            }
            case NONE, CLOSE_AT_NEXT_REQUEST, RESET_AT_NEXT_REQUEST, SHORT_KEEP_ALIVE -> request.answer(text);
        }
        return true;
    }

    private static String withLength(byte[] content) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n" + new String(content, ISO_8859_1);
    }

    private static String inChunks(byte[] content) {
        int half = content.length / 2;
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(half) + "\r\n"
                + new String(content, 0, half, ISO_8859_1) + "\r\n" + Integer.toHexString(content.length - half) + "\r\n"
                + new String(content, half, content.length - half, ISO_8859_1) + "\r\n0\r\n\r\n";
    }

    private void disturb(long number) {
        disturbed.add(number);
        disturbances.release();
    }

    private static void end(Peer.Link link, boolean reset) throws IOException {
        if (reset) {
            link.reset();
        } else {
            link.close();
        }
    }

    @Override
    public void close() throws IOException {
        release();
        peer.close();
    }
}

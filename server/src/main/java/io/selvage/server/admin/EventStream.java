package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The subscribers of `/api/events`: Server-Sent Events (HTML, section 9.2).
///
/// Each subscriber has a queue of a few events. A subscriber whose queue is full does not read, and is dropped. Thread-safe.
final class EventStream {
    static final String MEDIA_TYPE = "text/event-stream";
    private static final int MOST_SUBSCRIBERS = 32;
    private static final int MOST_QUEUED = 4;
    private static final Duration RECONNECT = Duration.ofSeconds(2);
    private static final byte[] END = {};

    private final Semaphore places = new Semaphore(MOST_SUBSCRIBERS);
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param thread writes its events
    private record Subscriber(Thread thread, BlockingQueue<byte[]> queue) {
        /// Does not wait.
        void offer(byte[] event) {
            if (!queue.offer(event)) {
                thread.interrupt();                        // closes the channel on which it waits
            }
        }

        void end() {
            queue.clear();
            queue.add(END);
        }
    }

    /// Whether there is a subscriber.
    boolean isSubscribed() {
        return !subscribers.isEmpty();
    }

    /// Sends an event to all subscribers. Does not wait.
    ///
    /// @param name what its type is
    void send(String name, JsonValue data) {
        byte[] event = event(name, data);
        subscribers.forEach(subscriber -> subscriber.offer(event));
    }

    private static byte[] event(String name, JsonValue data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Answers a request with all events from now on. Returns when the client has left, or has been dropped.
    ///
    /// @param first the name and the data of the first event
    /// @throws ApiProblem if there are as many subscribers as there may be
    void serve(ServerResponse response, String name, JsonValue first) {
        if (!places.tryAcquire()) {
            throw new ApiProblem(503, "Too Many Subscribers", "there are " + MOST_SUBSCRIBERS + " subscribers already")
                    .withField("Retry-After", "30");
        }
        try {
            response.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
            subscribe(response.outputStream(), event(name, first));
        } finally {
            places.release();
        }
    }

    private void subscribe(OutputStream out, byte[] first) {
        Subscriber subscriber = new Subscriber(Thread.currentThread(), new ArrayBlockingQueue<>(MOST_QUEUED));
        subscribers.add(subscriber);
        try (out) {
            out.write(("retry: " + RECONNECT.toMillis() + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.write(first);
            out.flush();
            byte[] event = closed ? END : subscriber.queue.take();
            while (event != END) {
                out.write(event);
                out.flush();
                event = subscriber.queue.take();
            }
        } catch (InterruptedException | IOException _) {
            Thread.currentThread().interrupt();            // the connection is of no more use
        } finally {
            subscribers.remove(subscriber);
        }
    }

    /// Ends all streams.
    void close() {
        closed = true;
        subscribers.forEach(Subscriber::end);
    }
}

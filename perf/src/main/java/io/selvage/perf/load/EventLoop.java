package io.selvage.perf.load;

import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A part of the generator's connections and the selector that watches them. One platform thread at a time runs it and owns all
/// fields, except `awake` and the selector's wake-up, which a [Metronome] uses.
final class EventLoop implements AutoCloseable {
    private static final int SCRATCH_BYTES = 256 * 1024;
    private static final int CONNECTING_AT_ONCE = 128;
    private static final long ROUND_MILLIS = 10;
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Setup setup;
    /// Null for plain connections.
    private final @Nullable TlsClient tls;
    private final Selector selector = Selector.open();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private final List<Request> requests;
    private final List<ByteBuffer> encoded;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ArrayDeque<LoadConnection> free = new ArrayDeque<>();
    /// Refused connections, which wait for the next sweep so that the loop does not retry a dead server continuously.
    private final ArrayDeque<LoadConnection> refused = new ArrayDeque<>();
    private Tally tally = new Tally();
    private long start;
    private long end;
    private long freeSince;
    private int carrying;

    /*
     * The loop sets awake to false, then checks the agenda and the clock once more, then sleeps in the selector. The
     * metronome waits until a request is due, then reads awake. If it reads true, the loop checks the clock later than
     * that and finds the request due.
     */
    private volatile boolean awake = true;

    EventLoop(Setup setup, int connectionCount) throws UserError, IOException {
        this.setup = setup;
        tls = setup.destination().tls() ? new TlsClient(setup.destination(), setup.resume()) : null;
        requests = setup.mix().requests();
        encoded = requests.stream().map(request -> direct(request.encode(setup.destination().host(), setup.close()))).toList();
        for (int i = 0; i < connectionCount; i++) {
            connections.add(new LoadConnection(selector, setup.destination().address(), tls));
        }
    }

    int size() {
        return connections.size();
    }

    /// Opens the closed connections in batches, and detects those that the server has closed. Connections that cannot be opened
    /// within the timeout of an exchange are left to the phase. Opens none if each request uses its own connection.
    void settle() throws IOException {
        selector.selectNow(this::ready);
        connections.stream().filter(each -> each.state() == LoadConnection.State.LINGERING).forEach(LoadConnection::close);
        if (setup.close()) {
            return;
        }
        long giveUp = System.nanoTime() + setup.timeout().toNanos();
        for (int from = 0; from < connections.size(); from += CONNECTING_AT_ONCE) {
            List<LoadConnection> batch = connections.subList(from, Math.min(from + CONNECTING_AT_ONCE, connections.size()));
            batch.stream().filter(each -> each.state() == LoadConnection.State.CLOSED)
                    .forEach(each -> turn(each, each.open(System.nanoTime())));
            while (batch.stream().anyMatch(EventLoop::connecting) && System.nanoTime() < giveUp) {
                selector.select(this::ready, ROUND_MILLIS);
            }
        }
        connections.stream().filter(EventLoop::connecting).forEach(LoadConnection::close);
    }

    /// Sends the requests of the agenda, whose times count from `startNanos`, and reads every answer. When `stop` becomes true,
    /// it ends at once and closes the busy connections.
    void drive(Agenda agenda, long startNanos, long durationNanos, Tally into, BooleanSupplier stop) throws IOException {
        TimeSlice.shorten();
        tally = into;
        start = startNanos;
        end = startNanos + durationNanos;
        freeSince = startNanos;
        carrying = 0;
        free.clear();
        free.addAll(connections);
        refused.clear();
        long nextSweep = start;
        while (!stop.getAsBoolean()) {
            long now = System.nanoTime();
            send(agenda, now);
            if (now >= nextSweep) {
                sweep(agenda, now);
                nextSweep = now + SWEEP_NANOS;
            }
            if (carrying == 0 && agenda.due(now - start) == Agenda.NEVER) {
                return;
            }
            await(agenda);
        }
        connections.stream().filter(LoadConnection::carries).forEach(LoadConnection::close);
    }

    /// Wakes the loop if it sleeps. From any thread.
    void nudge() {
        if (!awake) {
            selector.wakeup();
        }
    }

    @Override
    public void close() throws IOException {
        connections.forEach(LoadConnection::close);
        selector.close();
        if (tls != null) {
            tls.close();
        }
    }

    private void send(Agenda agenda, long now) {
        for (long due = agenda.due(now - start); due <= now - start && !free.isEmpty(); due = agenda.due(now - start)) {
            int which = setup.mix().pick(agenda.take());
            long left = System.nanoTime();
            tally.left(left - Math.max(start + due, freeSince));
            LoadConnection connection = free.poll();
            carrying++;
            turn(connection, connection.begin(requests.get(which), encoded.get(which).duplicate(), start + due, left));
        }
    }

    private void await(Agenda agenda) throws IOException {
        // a connection that has become free carries the next request before the next answer is read
        Consumer<SelectionKey> readyThenSend = key -> {
            ready(key);
            send(agenda, System.nanoTime());
        };
        if (free.isEmpty()) {
            selector.select(readyThenSend, ROUND_MILLIS);
            return;
        }
        awake = false;
        if (agenda.due(System.nanoTime() - start) <= System.nanoTime() - start) {
            selector.selectNow(readyThenSend);
        } else {
            selector.select(readyThenSend, ROUND_MILLIS);
        }
        awake = true;
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof LoadConnection connection) {
            turn(connection, connection.advance(scratch));
        }
    }

    private void turn(LoadConnection connection, LoadConnection.Turn turn) {
        switch (turn) {
            case PENDING -> { }
            case ANSWERED -> answered(connection);
            case ENDED -> {
                boolean lingered = connection.state() == LoadConnection.State.LINGERING;
                connection.close();
                if (lingered) {
                    release(connection);
                }
            }
            case FAILED -> failed(connection, connection.problem());
        }
    }

    private void answered(LoadConnection connection) {
        long now = System.nanoTime();
        Expectation expect = connection.request().expect();
        long length = connection.answer().bodyLength();
        if (!expect.status(connection.answer().status())) {
            tally.failed(LoadProblem.WRONG_STATUS);
        } else if (!expect.length(length)) {
            tally.failed(LoadProblem.WRONG_LENGTH);
        } else {
            tally.answered(now - connection.due(), now - connection.since(), length, now <= end);
        }
        carrying--;
        if (setup.close()) {
            connection.linger(now);
        } else {
            connection.rest();
        }
        if (connection.state() != LoadConnection.State.LINGERING) {
            release(connection);
        }
    }

    private void failed(LoadConnection connection, LoadProblem problem) {
        boolean carried = connection.carries();
        boolean lingered = connection.state() == LoadConnection.State.LINGERING;
        connection.close();
        if (carried) {
            carrying--;
        }
        if (carried || problem != LoadProblem.REFUSED) {
            tally.failed(problem);
        }
        if (problem == LoadProblem.REFUSED && carried) {
            refused.add(connection);
        } else if (carried || lingered) {
            release(connection);
        }
    }

    private void release(LoadConnection connection) {
        if (free.isEmpty()) {
            freeSince = System.nanoTime();
        }
        free.add(connection);
    }

    /// Handles the cases that cause no event: exchanges that exceed the timeout, requests overdue for longer than that, and
    /// servers that do not close.
    private void sweep(Agenda agenda, long now) {
        refused.forEach(this::release);
        refused.clear();
        long timeout = setup.timeout().toNanos();
        for (LoadConnection connection : connections) {
            if (connection.carries() && now - connection.due() >= timeout) {
                failed(connection, LoadProblem.TIMEOUT);
            } else if (connection.state() == LoadConnection.State.LINGERING && now - connection.since() >= LINGER_NANOS) {
                connection.close();
                release(connection);
            }
        }
        while (agenda.due(now - start) <= now - start - timeout) {
            agenda.take();
            tally.failed(LoadProblem.TIMEOUT);
        }
    }

    private static boolean connecting(LoadConnection connection) {
        return connection.state() == LoadConnection.State.CONNECTING;
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }
}

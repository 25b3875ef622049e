package io.selvage.server.proxy;

import io.selvage.server.net.Io;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Probes the peers of the current configuration. One timer thread decides what is due; each probe has a thread of its own from
/// [Io#fork]. A peer has one probe at a time, whatever the number of checks, also across a reload.
public final class HealthProbes implements AutoCloseable {
    private static final long SWEEP_MILLIS = 1000;

    private final Io io;
    private final RandomGenerator random;
    private @Nullable ScheduledThreadPoolExecutor timer;   // once there is a check; guarded by this
    // Everything below belongs to the timer thread.
    private List<HealthProbe> probes = List.of();
    private final Map<Key, Task> tasks = new HashMap<>();
    private final Map<Place, Turn> turns = new HashMap<>();

    /// A peer.
    private record Place(String upstream, String address) {
    }

    /// A check of a peer.
    private record Key(Place place, String check) {
    }

    /// The probes of one peer, one after the other.
    private static final class Turn {
        private final Deque<Task> due = new ArrayDeque<>();
        private boolean busy;
    }

    /// A check of one peer, in this and later configurations.
    private static final class Task {
        private final Key key;
        private HealthProbe probe;
        private @Nullable Future<?> next;                  // while the task waits for its time
        private boolean cancelled;

        Task(Key key, HealthProbe probe) {
            this.key = key;
            this.probe = probe;
        }

        void cancel() {
            cancelled = true;
            if (next != null) {
                next.cancel(false);
            }
        }
    }

    /// @param random for jitter; used by one thread
    public HealthProbes(Io io, RandomGenerator random) {
        this.io = io;
        this.random = random;
    }

    /// Replaces the checks by those of another configuration. Checks with the same id go on; mandatory ones that are not
    /// persistent start again.
    ///
    /// @param groups all groups of peers of that configuration
    public synchronized void use(List<PeerGroup> groups) {
        groups.forEach(group -> group.upstream().startChecks());
        List<HealthProbe> next = groups.stream().flatMap(group -> group.probes().stream()).toList();
        ScheduledThreadPoolExecutor running = timer;
        if (running == null && !next.isEmpty()) {
            running = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("selvage-health").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());
            running.setRemoveOnCancelPolicy(true);
            running.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
            timer = running;
        }
        if (running != null) {
            running.execute(() -> replace(next));
        }
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor running = timer;
        if (running == null) {
            throw new IllegalStateException("there are no checks");
        }
        return running;
    }

    private void replace(List<HealthProbe> next) {
        List<HealthProbe> old = probes;
        probes = List.copyOf(next);
        update();
        for (Task task : tasks.values()) {
            boolean starts = task.next != null && task.probe.check().mandatory() && !task.probe.check().persistent();
            if (starts) {
                schedule(task, 0);
            }
        }
        old.forEach(HealthProbe::close);
    }

    private void sweep() {
        probes.forEach(HealthProbe::closeExpired);
        update();
    }

    /// Makes the tasks those of the current peers.
    private void update() {
        Set<Key> wanted = new HashSet<>();
        for (HealthProbe probe : probes) {
            for (String address : probe.addresses()) {
                Key key = new Key(new Place(probe.group().name(), address), probe.check().id());
                wanted.add(key);
                Task task = tasks.get(key);
                if (task == null) {
                    task = new Task(key, probe);
                    tasks.put(key, task);
                    schedule(task, jitter(probe));
                }
                task.probe = probe;
            }
        }
        tasks.values().removeIf(task -> {
            boolean gone = !wanted.contains(task.key);
            if (gone) {
                task.cancel();
            }
            return gone;
        });
    }

    private long jitter(HealthProbe probe) {
        return (long) (random.nextDouble() * probe.schedule().jitter().toNanos());
    }

    private void schedule(Task task, long nanos) {
        if (task.next != null) {
            task.next.cancel(false);
        }
        task.next = timer().schedule(() -> due(task), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void due(Task task) {
        task.next = null;
        Turn turn = turns.computeIfAbsent(task.key.place, _ -> new Turn());
        turn.due.add(task);
        startNext(task.key.place, turn);
    }

    private void startNext(Place place, Turn turn) {
        while (!turn.busy && !turn.due.isEmpty()) {
            Task task = turn.due.remove();
            if (!task.cancelled) {
                turn.busy = true;
                start(task);
            }
        }
        if (!turn.busy) {
            turns.remove(place);
        }
    }

    private void start(Task task) {
        HealthProbe probe = task.probe;
        ProbeRun run = new ProbeRun(task.key.place.address);
        long started = System.nanoTime();
        Future<?> deadline = timer().schedule(run::abort, probe.schedule().timeout().toNanos(), TimeUnit.NANOSECONDS);
        ScheduledThreadPoolExecutor here = timer();
        io.fork(() -> {
            Optional<String> failure = failure(probe, run);
            here.execute(() -> {
                deadline.cancel(false);
                ended(task, started, failure);
            });
        });
    }

    /// A probe that ends in an unexpected way must not end all further ones.
    private static Optional<String> failure(HealthProbe probe, ProbeRun run) {
        try {
            return probe.probe().failure(run);
        } catch (RuntimeException bug) {
            return Optional.of("the probe does not work: " + bug);
        }
    }

    private void ended(Task task, long started, Optional<String> failure) {
        Turn turn = turns.get(task.key.place);
        if (!task.cancelled) {
            report(task, failure);
            long due = started + task.probe.schedule().interval().toNanos() + jitter(task.probe);
            schedule(task, due - System.nanoTime());
        }
        if (turn != null) {
            turn.busy = false;
            startNext(task.key.place, turn);
        }
    }

    private static void report(Task task, Optional<String> failure) {
        HealthProbe probe = task.probe;
        String address = task.key.place.address;
        if (failure.isPresent()) {
            probe.group().upstream().probeFailed(probe.check(), address, failure.get());
        } else {
            probe.group().upstream().probePassed(probe.check(), address);
        }
    }

    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}

package io.selvage.perf.load;

import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Measurement.Moment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Drives one destination with HTTP/1.1, phase after phase, over connections that stay open between phases.
public final class Generator implements LoadGenerator {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /// The number of consecutive intervals with only refused connections after which the server counts as gone.
    private static final int REFUSING_INTERVALS = 3;

    private final Setup setup;
    private final Duration interval;
    private final List<EventLoop> loops = new ArrayList<>();
    private volatile boolean stopped;

    /// Checks that the destination can be reached; opens no further connection yet.
    ///
    /// @throws UserError if it cannot be reached
    public Generator(Setup setup) throws UserError, IOException {
        this(setup, INTERVAL);
    }

    Generator(Setup setup, Duration interval) throws UserError, IOException {
        this.setup = setup;
        this.interval = interval;
        reach(setup);
        for (int i = 0; i < setup.loops(); i++) {
            int share = setup.connections() / setup.loops() + (i < setup.connections() % setup.loops() ? 1 : 0);
            loops.add(new EventLoop(setup, share));
        }
    }

    @Override
    public Measurement run(Phase phase, Consumer<Interval> each) throws IOException, InterruptedException {
        ThreadFactory platform = Thread.ofPlatform().name("load-", 0).factory();
        try (ExecutorService threads = Executors.newFixedThreadPool(loops.size(), platform)) {
            await(submit(threads, loops.stream().map(loop -> task(loop::settle)).toList()));
            return new Run(phase, threads, each).measure();
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() throws IOException {
        for (EventLoop loop : loops) {
            loop.close();
        }
    }

    /// A running phase.
    private final class Run {
        private final Phase phase;
        private final Consumer<Interval> each;
        private final long start = System.nanoTime() + HEAD_START_NANOS;
        private final Instant started = Instant.now().plusNanos(HEAD_START_NANOS);
        private final List<Tally> tallies = new ArrayList<>();
        private final List<Metronome> metronomes = new ArrayList<>();
        private final List<Future<?>> driving;
        private final Histogram response = Tally.histogram();
        private final Histogram service = Tally.histogram();
        private final Histogram lag = Tally.histogram();
        private final List<Moment> moments = new ArrayList<>();
        private Counts counts = Counts.NONE;
        private Duration collected = Duration.ZERO;
        private volatile boolean finished;
        private String cutShort = "";
        private int refusing;

        Run(Phase phase, ExecutorService threads, Consumer<Interval> each) {
            this.phase = phase;
            this.each = each;
            var tasks = new ArrayList<Callable<Step>>();
            for (int i = 0; i < loops.size(); i++) {
                EventLoop loop = loops.get(i);
                var tally = new Tally();
                tallies.add(tally);
                Agenda agenda = agenda(i);
                tasks.add(task(() -> loop.drive(agenda, start, phase.duration().toNanos(), tally, () -> stopped || finished)));
                if (phase.load() instanceof Load.Open) {
                    metronomes.add(new Metronome("metronome-" + i, agenda(i), start, loop));
                }
            }
            driving = submit(threads, tasks);
        }

        Measurement measure() throws IOException, InterruptedException {
            try {
                for (int n = 1; !driven(start + n * interval.toNanos()); n++) {
                    collect();
                }
                collect();
            } finally {
                finished = true;
                metronomes.forEach(Metronome::close);
                await(driving);
            }
            boolean early = stopped || !cutShort.isEmpty();
            boolean open = phase.load() instanceof Load.Once || early;
            Duration measured = open && collected.compareTo(phase.duration()) < 0 ? collected : phase.duration();
            var span = new Measurement.Span(started, measured, cutShort.isEmpty() && stopped ? "stopped" : cutShort);
            return new Measurement(phase, span, response, service, lag, counts, moments);
        }

        private Agenda agenda(int loop) {
            return Agenda.of(phase, loop, loops.size(), loops.get(loop).size());
        }

        /// Waits until `nanos` or until all loops have ended.
        ///
        /// @return true if they have ended
        private boolean driven(long nanos) throws InterruptedException {
            for (Future<?> each : driving) {
                try {
                    each.get(Math.max(0, nanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException e) {
                    return true;
                } catch (TimeoutException e) {
                    return false;
                }
            }
            return true;
        }

        private void collect() {
            Histogram responses = Tally.histogram();
            Histogram services = Tally.histogram();
            tallies.forEach(tally -> tally.drainTo(responses, services, lag));
            Counts now = tallies.stream().map(Tally::counts).reduce(Counts.NONE, Counts::plus);
            Counts since = now.minus(counts);
            counts = now;
            response.add(responses);
            service.add(services);
            Duration from = collected;
            collected = Duration.ofNanos(Math.max(System.nanoTime() - start, from.toNanos() + 1));
            double seconds = (collected.toNanos() - from.toNanos()) / 1e9;
            moments.add(new Moment(collected.toNanos() / 1e9, since.answered() / seconds, responses.getValueAtPercentile(50),
                    responses.getValueAtPercentile(99), responses.getMaxValue(), since.failed()));
            refusing = since.answered() == 0 && since.of(LoadProblem.REFUSED) > 0 ? refusing + 1 : 0;
            if (refusing == REFUSING_INTERVALS) {
                cutShort = "every connection to " + setup.destination() + " was refused for the last " + refusing + " intervals";
                finished = true;
            }
            each.accept(new Interval(phase, started, from, collected, responses, services, since));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static Callable<Step> task(Step step) {
        return () -> {
            step.run();
            return step;
        };
    }

    private static List<Future<?>> submit(ExecutorService threads, List<Callable<Step>> tasks) {
        return tasks.stream().<Future<?>>map(threads::submit).toList();
    }

    private static void await(List<Future<?>> tasks) throws IOException, InterruptedException {
        for (Future<?> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException io -> throw io;
                    case RuntimeException bug -> throw bug;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    private static void reach(Setup setup) throws UserError {
        try (SocketChannel channel = setup.destination().address() instanceof InetSocketAddress
                ? SocketChannel.open() : SocketChannel.open(setup.destination().address())) {
            if (setup.destination().address() instanceof InetSocketAddress tcp) {
                channel.socket().connect(tcp, Math.toIntExact(setup.timeout().toMillis()));
            }
        } catch (IOException e) {
            throw new UserError("cannot connect to " + setup.destination() + ": " + e.getMessage());
        }
    }
}

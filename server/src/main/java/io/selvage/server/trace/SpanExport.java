package io.selvage.server.trace;

import io.selvage.server.observe.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// Hands spans to an OTLP receiver, on a thread of its own. It outlives configurations, so a reload that names another receiver
/// loses no span.
///
/// The threads of connections put spans into a queue and never wait. The queue is bounded by the number of its spans; those
/// beyond are dropped and counted. A receiver that fails is reported once, and once more when it works again. Spans that it may
/// take later are kept until then. A receiver that takes only a part of a batch is reported, at most once a minute.
public final class SpanExport implements AutoCloseable {
    /// How soon a failed export is tried again, unless the interval is shorter.
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration REPORTED_EVERY = Duration.ofMinutes(1);
    private static final int CHUNK = 256;

    /// What was exported until now.
    ///
    /// @param exported spans that a receiver has
    /// @param dropped spans that no receiver will get
    /// @param waiting spans in the queue
    public record Counts(long exported, long dropped, long waiting) {
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /// What the thread is to do.
    ///
    /// @param options null before there were any
    /// @param ended true if nothing is exported but what waits when the thread reads this
    private record Plan(@Nullable ExportOptions options, boolean ended) {
    }

    private final SpanReceiver.Factory receivers;
    private final BiConsumer<Severity, String> log;
    private final MpscUnboundedAtomicArrayQueue<List<FinishedSpan>> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final AtomicLong waiting = new AtomicLong();       // spans in the queue, or about to be put there
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong exported = new AtomicLong();
    private final Thread thread = Thread.ofPlatform().daemon().name("selvage-trace").unstarted(this::run);
    private volatile Plan plan = new Plan(null, true);         // replaced by use()
    private volatile boolean closing;                          // set once, by close()

    private Plan current = plan;                               // this and the following: only the thread
    private @Nullable ExportOptions opened;                    // those of the receiver
    private @Nullable SpanReceiver receiver;
    private List<FinishedSpan> batch = List.of();              // taken from the queue, and not yet with a receiver
    private long lastNanos;
    private long retryNanos;                                   // no export before, after a failure
    private @Nullable String failure;                          // reported, while exports fail
    private long droppedBefore;                                // at that time, or when drops were last reported
    private long dropsReportedNanos;
    private long partialReportedNanos;

    /// @param log receives messages; must not wait
    public SpanExport(BiConsumer<Severity, String> log) {
        this(SpanExport::open, log);
    }

    SpanExport(SpanReceiver.Factory receivers, BiConsumer<Severity, String> log) {
        this.receivers = receivers;
        this.log = log;
    }

    private static SpanReceiver open(ExportOptions options) {
        return switch (options.address()) {
            case ReceiverAddress.Grpc grpc -> new GrpcReceiver(grpc, options);
            case ReceiverAddress.Http http -> new HttpReceiver(http, options);
        };
    }

    /// Exports with these options from now on, also what waits already. Empty to export what waits now, and nothing more. Does
    /// not wait.
    public synchronized void use(Optional<ExportOptions> next) {
        Plan wanted = new Plan(next.orElse(plan.options), next.isEmpty());
        if (closing || wanted.equals(plan)) {
            return;
        }
        plan = wanted;
        if (thread.getState() == Thread.State.NEW) {
            long now = System.nanoTime();
            lastNanos = now;
            retryNanos = now;
            dropsReportedNanos = now - REPORTED_EVERY.toNanos();
            partialReportedNanos = dropsReportedNanos;
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    /// Puts the spans of one exchange into the queue, or drops them if it is full. Any thread; never waits.
    void offer(List<FinishedSpan> spans) {
        Plan known = plan;
        if (known.options == null || known.ended) {
            dropped.addAndGet(spans.size());
            return;
        }
        ExportOptions.Pace pace = known.options.pace();
        long after = waiting.addAndGet(spans.size());
        if (after > pace.capacity()) {
            waiting.addAndGet(-spans.size());
            dropped.addAndGet(spans.size());
            return;
        }
        queue.offer(spans);
        if (after >= pace.batchSize() && after - spans.size() < pace.batchSize()) {
            LockSupport.unpark(thread);
        }
    }

    /// Any thread.
    public Counts counts() {
        return new Counts(exported.get(), dropped.get(), waiting.get());
    }

    /// Exports what waits, for a short time at most.
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            if (thread.getState() == Thread.State.NEW) {
                return;
            }
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean last = false;
        while (!last) {
            last = closing;
            change(plan);
            long now = System.nanoTime();
            if (last || isDue(now)) {
                export(last);
                lastNanos = System.nanoTime();
            }
            reportDrops();
            long wait = untilDue();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
        closeReceiver();
    }

    /// Changes to another plan. What waits goes to its receiver, also if that is the end.
    private void change(Plan next) {
        if (next == current) {
            return;
        }
        current = next;
        if (next.options != null && !next.options.equals(opened)) {
            closeReceiver();
            opened = next.options;
            receiver = receivers.open(next.options);
            failure = null;
            retryNanos = System.nanoTime();
        }
        if (next.ended) {
            export(true);
            drop();
            closeReceiver();
        }
    }

    private boolean isDue(long now) {
        ExportOptions to = opened;
        if (to == null || now - retryNanos < 0) {
            return false;
        }
        return waiting.get() >= to.pace().batchSize() || now - lastNanos >= to.pace().interval().toNanos()
                || !batch.isEmpty();
    }

    /// The time to park: until the interval is over or an export is tried again. Looks at all that others change, because waiting
    /// for a receiver may have used up the permit of the thread that woke this one.
    ///
    /// @return 0 or less for no wait
    private long untilDue() {
        ExportOptions to = opened;
        if (closing || plan != current) {
            return 0;
        }
        if (to == null) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        long interval = lastNanos + to.pace().interval().toNanos() - now;
        long retry = retryNanos - now;
        return retry > 0 ? retry : waiting.get() >= to.pace().batchSize() ? 0 : interval;
    }

    /// Exports what waits, until the receiver fails.
    ///
    /// @param last true if there is no later time
    private void export(boolean last) {
        SpanReceiver to = receiver;
        boolean delivered = to != null;
        while (delivered && to != null && fillBatch()) {
            delivered = deliver(to);
        }
        if (last && !delivered) {
            drop();
        }
    }

    /// @return false if there is nothing to export
    private boolean fillBatch() {
        if (batch.isEmpty()) {
            List<FinishedSpan> filled = new ArrayList<>();
            List<FinishedSpan> next = queue.peek();
            while (next != null && (filled.isEmpty() || filled.size() + next.size() <= pace().batchSize())) {
                filled.addAll(next);
                queue.poll();
                waiting.addAndGet(-next.size());
                next = queue.peek();
            }
            batch = filled;
        }
        return !batch.isEmpty();
    }

    /// @return false if the batch is kept for a later try
    private boolean deliver(SpanReceiver to) {
        switch (send(to)) {
            case SendResult.Taken(Optional<PartialSuccess> partial) -> {
                taken(partial);
                reportRecovery();
            }
            case SendResult.Refused(String reason) -> {
                dropped.addAndGet(batch.size());
                reportFailure(reason + "; they are dropped");
            }
            case SendResult.Later(String reason) -> {
                reportFailure(reason + "; at most " + pace().capacity() + " are kept for later");
                retryNanos = System.nanoTime() + Math.min(RETRY.toNanos(), pace().interval().toNanos());
                return false;
            }
        }
        batch = List.of();
        return true;
    }

    private void taken(Optional<PartialSuccess> partial) {
        long rejected = partial.map(said -> Math.min(said.rejected(), batch.size())).orElse(0L);
        exported.addAndGet(batch.size() - rejected);
        dropped.addAndGet(rejected);
        droppedBefore += rejected;
        partial.ifPresent(this::reportPartial);
    }

    private SendResult send(SpanReceiver to) {
        try {
            return to.send(batch);
        } catch (RuntimeException bug) {
            return new SendResult.Refused(bug.toString());
        }
    }

    private ExportOptions.Pace pace() {
        if (opened == null) {
            throw new IllegalStateException("there is no receiver");
        }
        return opened.pace();
    }

    /// Drops all that waits.
    private void drop() {
        dropped.addAndGet(batch.size());
        batch = List.of();
        List<FinishedSpan> next = queue.poll();
        while (next != null) {
            waiting.addAndGet(-next.size());
            dropped.addAndGet(next.size());
            next = queue.poll();
        }
    }

    private void reportFailure(String why) {
        if (failure == null) {
            failure = why;
            droppedBefore = dropped.get();
            log.accept(Severity.WARN, "spans cannot be exported to \"" + address() + "\": " + why);
        }
    }

    /// At most once a minute: a receiver may object to each batch.
    private void reportPartial(PartialSuccess said) {
        long now = System.nanoTime();
        if (now - partialReportedNanos >= REPORTED_EVERY.toNanos()) {
            partialReportedNanos = now;
            log.accept(Severity.WARN, "the receiver of spans \"" + address() + "\" " + said.words());
        }
    }

    private void reportRecovery() {
        if (failure != null) {
            failure = null;
            long lost = dropped.get() - droppedBefore;
            droppedBefore += lost;
            log.accept(Severity.NOTICE, "spans are exported to \"" + address() + "\" again; " + lost
                    + " were dropped until now");
        }
    }

    /// Reports that the receiver works, but is slower than spans come.
    private void reportDrops() {
        long lost = dropped.get() - droppedBefore;
        long now = System.nanoTime();
        if (lost > 0 && failure == null && opened != null && now - dropsReportedNanos >= REPORTED_EVERY.toNanos()) {
            dropsReportedNanos = now;
            droppedBefore += lost;
            log.accept(Severity.WARN, "spans for \"" + address() + "\" were dropped (" + lost + "): more than "
                    + pace().capacity() + " were waiting");
        }
    }

    private String address() {
        return opened == null ? "" : opened.address().toString();
    }

    private void closeReceiver() {
        if (receiver != null) {
            receiver.close();
            receiver = null;
            opened = null;
        }
    }
}

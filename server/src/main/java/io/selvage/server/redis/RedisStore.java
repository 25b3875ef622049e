package io.selvage.server.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.selvage.server.route.SharedCounters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counters in a Redis server (5.0 or newer). With Lettuce; no other class uses it but those of this package.
///
/// Threads of its own send commands, so that no carrier does. A call parks its thread until the answer is there or the timeout
/// passes. After a failure the store is away: nothing waits for it, and a connection is tried every second. The log says so
/// once, and once when the store is back.
///
/// A bucket is forgotten by Redis when it is empty. What a server has entered is forgotten [#LEASE] after its last report.
public final class RedisStore implements SharedCounters, AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration REPORT = Duration.ofSeconds(10);
    private static final Duration TRY = Duration.ofSeconds(1);
    /// Commands that wait to be sent, or for their answers.
    private static final int MOST_WAITING = 10_000;
    private static final int LONGEST_KEY = 200;
    /// Losses within this time after the last message are not logged again.
    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final LocalCounts NOTHING = new LocalCounts() {
        @Override
        public Set<String> names() {
            return Set.of();
        }

        @Override
        public int count(String counter) {
            return 0;
        }
    };

    private static final Script COUNT = Script.of("count.lua");
    private static final Script DROP = Script.of("drop.lua");
    private static final Script ENTER = Script.of("enter.lua");
    private static final Script LEAVE = Script.of("leave.lua");
    private static final Script REPORTED = Script.of("report.lua");

    private final RedisAddress address;
    private final Duration timeout;
    private final Consumer<String> log;
    private final String server = UUID.randomUUID().toString();
    private final ClientResources resources;
    private final RedisClient client;
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING), Thread.ofPlatform().daemon().name("selvage-redis-send").factory());
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("selvage-redis").factory());
    private final List<LocalCounts> reports = new CopyOnWriteArrayList<>();
    private final AtomicBoolean lossLogged = new AtomicBoolean();
    private boolean started;                                                   // guarded by this
    private volatile long quietUntilNanos = System.nanoTime();
    /// Null while the store is away. Set by [#start] and by the timer's thread; any thread may set it to null.
    private volatile @Nullable StatefulRedisConnection<String, String> connection;

    /// Does nothing until it is started.
    ///
    /// @param log gets a line when the store is away, and when it is back
    public RedisStore(RedisAddress address, Consumer<String> log) {
        this.address = address;
        this.timeout = address.timeout();
        this.log = log;
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2)
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE).build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder().autoReconnect(false).requestQueueSize(MOST_WAITING)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(TRY).build()).build());
    }

    public RedisAddress address() {
        return address;
    }

    /// Connects, unless it is started already. Waits up to a second for it; if that fails, the store is away at first.
    public synchronized void start() {
        if (!started) {
            started = true;
            connect();
            timer.scheduleWithFixedDelay(this::connect, TRY.toMillis(), TRY.toMillis(), TimeUnit.MILLISECONDS);
            timer.scheduleWithFixedDelay(this::reportAll, REPORT.toMillis(), REPORT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public OptionalLong drop(String bucket, Leak leak, long burst, boolean count) {
        Optional<Long> excess = ask(DROP, key("req", bucket), Long.toString(leak.amount()), Long.toString(leak.perMillis()),
                Long.toString(burst), count ? "1" : "0");
        return excess.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    @Override
    public Optional<Boolean> enter(String counter, int most) {
        return ask(ENTER, key("conn", counter), server, Integer.toString(most), Long.toString(LEASE.toMillis()))
                .map(entered -> entered == 1);
    }

    @Override
    public OptionalInt count(String counter) {
        return ask(COUNT, key("conn", counter)).map(count -> OptionalInt.of(Math.toIntExact(count)))
                .orElseGet(OptionalInt::empty);
    }

    @Override
    public void leave(String counter) {
        StatefulRedisConnection<String, String> open = connection;
        if (open != null) {
            send(() -> LEAVE.start(open.async(), key("conn", counter), server)).exceptionally(failure -> {
                lost(open, failure);
                return 0L;
            });
        }
    }

    @Override
    public void report(LocalCounts counts) {
        reports.add(counts);
    }

    /// Waits for the result of a script.
    ///
    /// @return empty if the store is away
    private Optional<Long> ask(Script script, String key, String... arguments) {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            return Optional.empty();
        }
        CompletableFuture<Long> answer = send(() -> script.start(open.async(), key, arguments));
        try {
            return Optional.of(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            lost(open, e);
        } catch (TimeoutException e) {
            answer.cancel(false);
            lost(open, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private CompletableFuture<Long> send(Supplier<CompletableFuture<Long>> command) {
        try {
            return CompletableFuture.supplyAsync(command, sender).thenCompose(Function.identity());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String key(String kind, String name) {
        return "selvage:" + kind + ":" + (name.length() > LONGEST_KEY ? Digests.sha256(name) : name);
    }

    private void lost(StatefulRedisConnection<String, String> open, Throwable failure) {
        synchronized (this) {
            if (connection != open) {
                return;
            }
            connection = null;
        }
        open.closeAsync();
        logLoss(failure);
    }

    private void logLoss(Throwable failure) {
        if (quietUntilNanos - System.nanoTime() <= 0 && lossLogged.compareAndSet(false, true)) {
            log.accept("the store " + address + " is away (" + reason(failure) + "): its limits count for this server alone");
        }
    }

    private String reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getCause() == null ? cause.getMessage() : cause.getCause().getMessage();
        return cause instanceof TimeoutException ? "no answer within " + timeout.toMillis() + " ms"
                : message == null ? cause.toString() : message;
    }

    /// Connects if the store is away; reports first, so that exchanges that began while it was away are counted.
    private void connect() {
        if (connection != null) {
            return;
        }
        try {
            StatefulRedisConnection<String, String> opened = client.connectAsync(StringCodec.UTF8, address.uri())
                    .toCompletableFuture().get(TRY.toNanos(), TimeUnit.NANOSECONDS);
            reportAll(opened);
            connection = opened;
            if (lossLogged.compareAndSet(true, false)) {
                quietUntilNanos = System.nanoTime() + QUIET.toNanos();
                log.accept("the store " + address + " is back: its limits count for all servers together");
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            logLoss(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void reportAll() {
        StatefulRedisConnection<String, String> open = connection;
        if (open != null) {
            try {
                reportAll(open);
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                lost(open, e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reportAll(StatefulRedisConnection<String, String> open)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (LocalCounts counts : reports) {
            for (String counter : counts.names()) {
                report(open, counter, counts);
            }
        }
        report(open, "", NOTHING);                         // also where there is nothing to report: does it answer?
    }

    /// The count is read when the report is sent: each [#leave] before it is in it, and each after it is sent after it.
    private void report(StatefulRedisConnection<String, String> open, String counter, LocalCounts counts)
            throws ExecutionException, TimeoutException, InterruptedException {
        send(() -> REPORTED.start(open.async(), key("conn", counter), server, Integer.toString(counts.count(counter)),
                Long.toString(LEASE.toMillis()))).get(TRY.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Closes the connection. Calls return nothing from now on.
    @Override
    public void close() {
        timer.shutdownNow();
        sender.shutdownNow();
        connection = null;
        client.shutdownAsync(0, TRY.toMillis(), TimeUnit.MILLISECONDS).whenComplete((_, _) -> resources.shutdown());
    }
}

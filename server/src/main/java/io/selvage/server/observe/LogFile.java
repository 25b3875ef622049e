package io.selvage.server.observe;

import io.selvage.server.http.Barrier;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jctools.queues.atomic.MpscChunkedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// A file to which any thread writes lines without waiting. The file has its own writing thread, so an unread pipe or a full disk
/// blocks nothing else. Without lines for some seconds the thread ends, and the next line starts another: thousands of sites may
/// have a file each.
///
/// A bounded queue passes lines to that thread. If it is full, because the thread is stuck, lines are dropped and counted. When
/// the thread has emptied it, it writes all lines to the file, unless a [Buffering] collects them. See server/decisions/0010.
public final class LogFile implements AutoCloseable, Barrier {
    /// The maximum number of lines and bytes in the queue.
    static final int MAX_LINES = 16_384;
    static final long MAX_BYTES = 16 << 20;

    private static final int BUFFER = 64 << 10;
    static final long LONGEST_AWAIT_NANOS = 100_000_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /// The buffering of lines before they are written (`access_log ... buffer= flush= gzip=`).
    ///
    /// @param bytes the size of the buffer; 0 to write lines at once. At most [#MAX_BYTES] are buffered
    /// @param longest the maximum time of a line in the buffer; zero for no limit
    /// @param gzip the level at which each buffer is compressed, 1 to 9; 0 to write text
    public record Buffering(long bytes, Duration longest, int gzip) {
        /// Lines are written at once.
        public static final Buffering NONE = new Buffering(0, Duration.ZERO);

        /// Buffering of lines that are written as text.
        public Buffering(long bytes, Duration longest) {
            this(bytes, longest, 0);
        }
    }

    /// How long a file stays open between lines (`open_log_file_cache`).
    ///
    /// @param inactive it is closed when no line was written for this time; zero to close it after each line
    /// @param minUses it is closed after each line until so many were written without such a pause
    /// @param valid the time after which it is checked whether the name still belongs to the open file
    public record Keeping(Duration inactive, int minUses, Duration valid) {
        /// Open until it is reopened or closed.
        public static final Keeping FOREVER = new Keeping(Duration.ofDays(3650), 0, Duration.ofDays(3650));
        /// Opened for each line.
        public static final Keeping NEVER = new Keeping(Duration.ZERO, 0, Duration.ofDays(3650));
    }

    private static final int FIRST_BUFFER = 1 << 10;
    private static final int FIRST_LINES = 64;
    /// After this time without a line the thread ends.
    private static final long IDLE_NANOS = 10_000_000_000L;
    /// Behind lines, the thread lets others collect for this time before it looks again. Waking it for each of them took a third
    /// of the CPU time of a request.
    private static final long COLLECTING_NANOS = 2_000_000;

    private final LogTarget target;
    private final boolean written;                         // false for a file that gets nothing
    private final Consumer<String> problems;
    private final MpscChunkedAtomicArrayQueue<Object> queue =              // lines (byte[]) and Waiters
            new MpscChunkedAtomicArrayQueue<>(FIRST_LINES, MAX_LINES);
    private final AtomicLong waiting = new AtomicLong();   // bytes: added by line(), subtracted by the thread
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile boolean reopening;                    // set by any thread, cleared by the thread of the file
    private volatile boolean closing;                      // set once, by close()
    private volatile Buffering buffering = Buffering.NONE; // set by any thread

    /*
     * How the thread starts, sleeps and ends, and who wakes it.
     *
     * While it collects lines, only a Waiter wakes it: the first one that sets `hurried`, which the thread clears before it
     * empties the queue. Later the first line wakes it:
     *
     * Before the thread parks it sets `asleep`, and before it ends it clears `running`. Then it checks the queue and the two
     * flags once more. Another thread moves the producer index of the queue (or sets a flag), then reads `asleep` and
     * `running`. All are volatile accesses, a store before a load on both sides, so at least one sees the other. A permit to
     * unpark is not lost either. Of those that find no thread, the one that sets `running` starts it; what the last thread has
     * written is visible to the next one.
     */
    private volatile boolean asleep;                       // written by the thread alone
    private final AtomicBoolean hurried = new AtomicBoolean();
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile @Nullable Thread thread;              // the one that runs, or ran last
    private volatile boolean stuck;                        // set after a wait in vain, cleared by the next write for a Waiter

    private byte[] buffer = new byte[0];                   // this and the following: only the thread
    private int used;
    private long oldestNanos;                              // the time of the first byte in the buffer
    private long lines;
    private final List<Waiter> waiters = new ArrayList<>();    // for the lines in the buffer
    private boolean openedFirst;                           // the first thread has opened the file
    private boolean busy;                                  // the thread has taken something from the queue
    private boolean collecting;                            // likewise, since it slept last
    private boolean reported;

    private LogFile(LogTarget target, boolean written, Consumer<String> problems) {
        this.target = target;
        this.written = written;
        this.problems = problems;
    }

    /// Opens a file for appending; creates it if it does not exist. If that fails, the failure is reported, and opening is
    /// retried with every line.
    ///
    /// @param problems receives one message when writing starts to fail, until it succeeds again; must not wait
    public static LogFile of(Path path, Consumer<String> problems) {
        return started(LogTarget.file(path), problems);
    }

    /// As [#of], for a file that is not always kept open. It is created with the first line.
    ///
    /// @param folder a folder that must exist for the file to be opened; empty for none
    static LogFile of(Path path, Optional<Path> folder, Keeping keeping, Consumer<String> problems) {
        return started(LogTarget.file(path, folder, keeping), problems);
    }

    /// Sends each line as a datagram. If that fails, the failure is reported, and the next line opens the socket again.
    ///
    /// @param address gives the address whenever the socket is opened
    static LogFile datagrams(String name, Supplier<SocketAddress> address, Consumer<String> problems) {
        return started(LogTarget.datagrams(name, address), problems);
    }

    /// As [#of], with a header that is written whenever the file is opened.
    static LogFile headed(Path path, Supplier<byte[]> header, Consumer<String> problems) {
        return started(LogTarget.headed(path, header), problems);
    }

    /// As [#of], for a file that is created with the mode 0600.
    static LogFile secret(Path path, Consumer<String> problems) {
        return started(LogTarget.secret(path), problems);
    }

    /// Opens such a file for writing and closes it again.
    ///
    /// @throws IOException with the name of the file and the reason, if that fails
    static void trySecret(Path path) throws IOException {
        try (OutputStream out = LogTarget.ownersOnly(path)) {
            out.flush();
        } catch (IOException e) {
            throw new IOException("log \"" + path + "\" cannot be written: " + e, e);
        }
    }

    public static LogFile standardOutput(Consumer<String> problems) {
        return started(LogTarget.stream("standard output", FileDescriptor.out), problems);
    }

    public static LogFile standardError() {
        return started(LogTarget.stream("standard error", FileDescriptor.err), _ -> { });
    }

    /// A file that is not opened and gets nothing, for a configuration that does not serve.
    static LogFile unwritten(String name) {
        return new LogFile(LogTarget.file(Path.of(name)), false, _ -> { });
    }

    private static LogFile started(LogTarget target, Consumer<String> problems) {
        LogFile file = new LogFile(target, true, problems);
        file.wake();
        return file;
    }

    /// Its name for people.
    public String name() {
        return target.name();
    }

    /// Writes one line; the line feed is added. Each `char` is one byte. Any thread; never waits.
    public void line(String latin1) {
        byte[] line = (latin1 + '\n').getBytes(StandardCharsets.ISO_8859_1);
        if (waiting.addAndGet(line.length) > MAX_BYTES || closing || !queue.offer(line)) {
            waiting.addAndGet(-line.length);
            dropped.incrementAndGet();
        }
        wake();
    }

    /// Waits until the lines that the calling thread has written before are in the file, also if lines are buffered.
    ///
    /// Waits at most 100 ms, and not at all while the file is known to be stuck, so a pipe without a reader delays few callers.
    @Override
    public void await() {
        if (stuck || closing) {
            return;
        }
        Waiter waiter = new Waiter(Thread.currentThread());
        if (!queue.offer(waiter)) {
            return;
        }
        if (!hurried.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
        wake();
        if (!waiter.await(LONGEST_AWAIT_NANOS)) {
            stuck = true;
            if (waiter.released) {                             // since the check; the thread may have cleared the flag before
                stuck = false;
            }
        }
    }

    /// Sets the buffering. Any thread.
    public void buffering(Buffering wanted) {
        buffering = wanted;
        wake();
    }

    /// True while [#await] returns at once, because a thread has waited in vain.
    boolean isStuck() {
        return stuck;
    }

    /// True if a line was written, and the last attempt to open the file succeeded.
    boolean wasOpened() {
        return target.wasOpened();
    }

    /// The number of lost lines: those that found the queue full, and those that could not be written.
    public long dropped() {
        return dropped.get();
    }

    /// Reopens the file by its name, for example after a rotation. Lines written before may be in either file; none is lost.
    public void reopen() {
        reopening = true;
        wake();
    }

    /// Writes all queued lines and closes the file. Waits at most two seconds for a stuck thread.
    @Override
    public void close() {
        closing = true;
        if (!written) {
            return;
        }
        wake();
        try {
            boolean _ = closed.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        } else if (written && !running.get() && running.compareAndSet(false, true)) {
            Thread started = Thread.ofPlatform().daemon().name("log " + name()).unstarted(this::run);
            thread = started;
            try {
                started.start();
            } catch (OutOfMemoryError e) {
                running.set(false);                        // the system has no thread now: the next line tries again
            }
        }
    }

    private void run() {
        if (!openedFirst) {
            openedFirst = true;
            open();
        }
        do {
            busy = false;
            writeUntilIdle();
            running.set(false);
        } while (isWanted() && running.compareAndSet(false, true));
    }

    /// Whether there is something to do for the thread, apart from what only time brings.
    private boolean isWanted() {
        return !queue.isEmpty() || reopening || closing && closed.getCount() > 0;
    }

    private void writeUntilIdle() {
        do {
            if (reopening) {
                reopening = false;
                flush();
                closeFile();
                open();
            }
            takeAll();
            if (!waiters.isEmpty() || restNanos() == 0) {
                flush();
            }
            if (target.openNanos() == 0) {
                closeFile();
            }
            if (closing && queue.isEmpty()) {
                flush();
                closeFile();
                closed.countDown();
            }
        } while (sleep());
    }

    /// @return false if there is nothing to do, and has been for a while
    private boolean sleep() {
        if (collecting) {
            collecting = false;
            LockSupport.parkNanos(this, COLLECTING_NANOS);
        }
        asleep = true;
        long since = System.nanoTime();
        long rest = restNanos(since);
        while (!isWanted() && rest > 0) {
            LockSupport.parkNanos(this, rest);
            rest = restNanos(since);
        }
        asleep = false;
        return isWanted() || restNanos() == 0 || target.openNanos() == 0;
    }

    /// The time until the thread has something to do by itself, or ends.
    private long restNanos(long idleSince) {
        long due = Math.min(restNanos(), target.openNanos());
        return due < Long.MAX_VALUE ? due : busy ? IDLE_NANOS - (System.nanoTime() - idleSince) : 0;
    }

    /// The remaining time of the bytes in the buffer, in nanoseconds: 0 if they must be written now.
    private long restNanos() {
        Buffering how = buffering;
        if (used == 0) {
            return Long.MAX_VALUE;
        }
        if (used >= how.bytes()) {
            return 0;
        }
        return how.longest().isZero() ? Long.MAX_VALUE
                : Math.max(0, how.longest().toNanos() - (System.nanoTime() - oldestNanos));
    }

    /// Moves lines into the buffer until the queue is empty, and writes the buffer whenever it is full.
    private void takeAll() {
        hurried.set(false);
        Object next;
        while (!reopening && (next = queue.poll()) != null) {
            busy = true;
            collecting = true;
            if (next instanceof Waiter waiter) {
                waiters.add(waiter);
            } else {
                buffered((byte[]) next);
            }
        }
    }

    private void buffered(byte[] line) {
        waiting.addAndGet(-line.length);
        long collected = buffering.bytes();
        int room = collected == 0 ? BUFFER : (int) Math.min(collected, MAX_BYTES);
        if (line.length > room - used) {
            flush();
        }
        lines++;
        if (target.isDatagrams()) {
            write(line, line.length - 1);
        } else if (line.length > room) {
            write(line, line.length);
        } else {
            if (used == 0 && collected > 0) {
                oldestNanos = System.nanoTime();
            }
            if (used + line.length > buffer.length) {
                int doubled = Math.max(2 * buffer.length, FIRST_BUFFER);
                buffer = Arrays.copyOf(buffer, Math.min(room, Math.max(doubled, used + line.length)));
            }
            System.arraycopy(line, 0, buffer, used, line.length);
            used += line.length;
        }
    }

    private void flush() {
        if (used > 0) {
            write(buffer, used);
            used = 0;
        }
        if (!waiters.isEmpty()) {
            waiters.forEach(Waiter::release);
            waiters.clear();
            stuck = false;
        }
    }

    private void write(byte[] bytes, int length) {
        try {
            target.write(bytes, length, lines, buffering.gzip());
            reported = false;
        } catch (IOException e) {
            dropped.addAndGet(lines);
            report(e);
            closeFile();
        }
        lines = 0;
    }

    private void open() {
        try {
            target.open();
        } catch (IOException e) {
            report(e);
        }
    }

    private void closeFile() {
        try {
            target.close();
        } catch (IOException e) {
            report(e);
        }
    }

    private void report(IOException why) {
        if (!reported) {
            reported = true;
            problems.accept("log \"" + name() + "\" cannot be written: " + Optional.ofNullable(why.getMessage()).orElse("?"));
        }
    }

    /// A thread that waits for its lines to be written. Its place in the queue is behind them.
    private static final class Waiter {
        private final Thread thread;
        private volatile boolean released;                 // set by the thread of the file

        Waiter(Thread thread) {
            this.thread = thread;
        }

        void release() {
            released = true;
            LockSupport.unpark(thread);
        }

        /// @return false if the time ran out before the release; an interrupt ends the wait like a release
        boolean await(long longestNanos) {
            long start = System.nanoTime();
            long left = longestNanos;
            while (!released && left > 0) {
                if (Thread.currentThread().isInterrupted()) {
                    return true;
                }
                LockSupport.parkNanos(this, left);
                left = longestNanos - (System.nanoTime() - start);
            }
            return released;
        }
    }
}

package io.selvage.server.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// A file that many threads write lines to and none waits for. One thread of its own does the writing, so a
/// pipe that nobody reads or a full disk holds up nothing else.
///
/// Lines are handed over a bounded queue. When it is full, because the writer is stuck, lines are dropped and counted.
/// When it is empty everything is in the file, unless a [Buffering] says that lines are to be collected.
public final class LogFile implements AutoCloseable {
    /// The most lines and the most bytes that wait.
    static final int MAX_LINES = 16_384;
    static final long MAX_BYTES = 16 << 20;

    private static final int BUFFER = 64 << 10;
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /// How lines are collected before they are written (`access_log ... buffer= flush=`).
    ///
    /// @param bytes how many may wait; 0 to write lines at once. More than [#MAX_BYTES] are not collected
    /// @param longest how long a line may wait; zero for as long as there is room
    public record Buffering(long bytes, Duration longest) {
        public static final Buffering NONE = new Buffering(0, Duration.ZERO);
    }

    private final String name;
    private final Opener opener;
    private final Consumer<String> complaints;
    private final MpscAtomicArrayQueue<byte[]> queue = new MpscAtomicArrayQueue<>(MAX_LINES);
    private final AtomicLong waiting = new AtomicLong();   // bytes: added by those who log, taken off by the thread
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private volatile boolean reopening;                    // set by anyone, cleared by the thread
    private volatile boolean closing;                      // set once, by close()
    private volatile Buffering buffering = Buffering.NONE; // set by anyone

    /*
     * Who sleeps, and who must wake it.
     *
     * The thread sets `asleep`, looks at the queue and the two flags once more, and only then parks. Whoever has something for it
     * moves the queue's producer index (or sets a flag), then reads `asleep`. Each is a volatile access, one store
     * before one load on both sides, so at least one sees the other; a permit to unpark is not lost either.
     */
    private volatile boolean asleep;                       // written by the thread alone

    private byte[] buffer = new byte[BUFFER];              // this and the rest: the thread's own
    private int used;
    private long oldestNanos;                              // when the first of the bytes in the buffer came
    private long lines;
    private @Nullable OutputStream out;                    // while open
    private boolean complained;

    private LogFile(String name, Opener opener, Consumer<String> complaints) {
        this.name = name;
        this.opener = opener;
        this.complaints = complaints;
        this.thread = Thread.ofPlatform().daemon().name("log " + name).unstarted(this::run);
    }

    /// A file, made when it is not there and written at its end. What cannot be opened is complained about, and tried again with
    /// every line.
    ///
    /// @param complaints told when writing begins to fail, once until it has gone well again; must not wait
    public static LogFile of(Path path, Consumer<String> complaints) {
        return started(new LogFile(path.toString(), () -> new FileOutputStream(path.toFile(), true), complaints));
    }

    /// The same, with something that is written whenever the file is opened.
    static LogFile headed(Path path, Supplier<byte[]> header, Consumer<String> complaints) {
        return started(new LogFile(path.toString(), () -> {
            OutputStream out = new FileOutputStream(path.toFile(), true);
            try {
                out.write(header.get());
            } catch (IOException e) {
                out.close();
                throw e;
            }
            return out;
        }, complaints));
    }

    public static LogFile standardOutput(Consumer<String> complaints) {
        return started(new LogFile("standard output", () -> new Unclosed(FileDescriptor.out), complaints));
    }

    public static LogFile standardError() {
        return started(new LogFile("standard error", () -> new Unclosed(FileDescriptor.err), _ -> { }));
    }

    private static LogFile started(LogFile file) {
        file.thread.start();
        return file;
    }

    /// Hands over one line; its line feed is added. Each `char` is one byte. Any thread; never waits.
    public void line(String latin1) {
        byte[] line = (latin1 + '\n').getBytes(StandardCharsets.ISO_8859_1);
        if (waiting.addAndGet(line.length) > MAX_BYTES || closing || !queue.offer(line)) {
            waiting.addAndGet(-line.length);
            dropped.incrementAndGet();
        }
        wake();
    }

    /// Collects lines from now on as this says. Any thread.
    public void buffering(Buffering wanted) {
        buffering = wanted;
        LockSupport.unpark(thread);
    }

    /// Lines that are lost: those that found no room, and those that could not be written.
    public long dropped() {
        return dropped.get();
    }

    /// Opens the file anew by its name, as after a rotation. Lines handed over until now may stand in either file; none is lost.
    public void reopen() {
        reopening = true;
        wake();
    }

    /// Writes what was handed over and closes the file. Waits a short while for a stuck writer, then leaves it alone.
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        open();
        while (!closing || !queue.isEmpty()) {
            if (reopening) {
                reopening = false;
                flush();
                shut();
                open();
            }
            takeAll();
            if (restNanos() == 0) {
                flush();
            }
            sleep();
        }
        flush();
        shut();
    }

    private void sleep() {
        asleep = true;
        long rest = restNanos();
        while (queue.isEmpty() && !reopening && !closing && rest > 0) {
            if (rest == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, rest);
            }
            rest = restNanos();
        }
        asleep = false;
    }

    /// How long what is in the buffer may wait there: 0 when it is to be written now.
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

    /// Moves lines into the buffer, and the buffer into the file whenever it is full, until none is there now.
    private void takeAll() {
        byte[] line;
        while (!reopening && (line = queue.poll()) != null) {
            buffered(line);
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
        if (line.length > room) {
            write(line, line.length);
        } else {
            if (used == 0 && collected > 0) {
                oldestNanos = System.nanoTime();
            }
            if (room > buffer.length) {
                buffer = Arrays.copyOf(buffer, room);
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
    }

    private void write(byte[] bytes, int length) {
        try {
            OutputStream open = out;
            if (open == null) {
                open = opener.open();
                out = open;
            }
            open.write(bytes, 0, length);
            complained = false;
        } catch (IOException e) {
            dropped.addAndGet(lines);
            complain(e);
            shut();
        }
        lines = 0;
    }

    /// Opens it before there is a line, so that the file is there and a failure is told early.
    private void open() {
        try {
            out = opener.open();
        } catch (IOException e) {
            complain(e);
        }
    }

    private void shut() {
        OutputStream open = out;
        out = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            complain(e);
        }
    }

    private void complain(IOException why) {
        if (!complained) {
            complained = true;
            complaints.accept("log \"" + name + "\" cannot be written: " + Optional.ofNullable(why.getMessage()).orElse("?"));
        }
    }

    private interface Opener {
        OutputStream open() throws IOException;
    }

    /// A descriptor of the process, which stays open.
    private static final class Unclosed extends FileOutputStream {
        Unclosed(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {
        }
    }
}

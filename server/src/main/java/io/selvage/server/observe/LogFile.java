package io.selvage.server.observe;

import io.selvage.server.http.Barrier;
import io.selvage.server.net.Datagrams;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// A file to which any thread writes lines without waiting. The file has its own writing thread, so an unread pipe or a full disk
/// blocks nothing else.
///
/// A bounded queue passes lines to that thread. If it is full, because the thread is stuck, lines are dropped and counted. If it
/// is empty, all lines are in the file, unless a [Buffering] collects them. See server/decisions/0010.
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

    private final String name;
    private final Opener opener;
    private final Keeping keeping;
    private final boolean datagrams;                       // each line is written by itself, without its line feed
    private final Consumer<String> problems;
    private final MpscAtomicArrayQueue<Object> queue = new MpscAtomicArrayQueue<>(MAX_LINES);   // lines (byte[]) and Waiters
    private final AtomicLong waiting = new AtomicLong();   // bytes: added by line(), subtracted by the thread
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private volatile boolean reopening;                    // set by any thread, cleared by the thread of the file
    private volatile boolean closing;                      // set once, by close()
    private volatile Buffering buffering = Buffering.NONE; // set by any thread

    /*
     * How the thread sleeps, and who wakes it.
     *
     * The thread sets `asleep`, checks the queue and the two flags once more, and only then parks. Another thread moves the
     * producer index of the queue (or sets a flag), then reads `asleep`. Each is a volatile access, one store before one
     * load on both sides, so at least one sees the other. A permit to unpark is not lost either.
     */
    private volatile boolean asleep;                       // written by the thread alone
    private volatile boolean opened;                       // the last attempt to open succeeded; written by the thread alone
    private volatile boolean stuck;                        // set after a wait in vain, cleared by the next write for a Waiter

    private byte[] buffer = new byte[BUFFER];              // this and the following: only the thread
    private int used;
    private long oldestNanos;                              // the time of the first byte in the buffer
    private long lines;
    private final List<Waiter> waiters = new ArrayList<>();    // for the lines in the buffer
    private @Nullable OutputStream out;                    // while open
    private @Nullable Object openFile;                     // the identity of the open file, if it is to be checked
    private long checkedNanos;                             // the time of the last check, or of opening
    private long usedNanos;                                // the time of the last write
    private int uses;                                      // lines written without a pause
    private boolean reported;

    private LogFile(String name, Opener opener, Keeping keeping, boolean datagrams, Consumer<String> problems) {
        this.name = name;
        this.opener = opener;
        this.keeping = keeping;
        this.datagrams = datagrams;
        this.problems = problems;
        this.thread = Thread.ofPlatform().daemon().name("log " + name).unstarted(this::run);
    }

    /// Opens a file for appending; creates it if it does not exist. If that fails, the failure is reported, and opening is
    /// retried with every line.
    ///
    /// @param problems receives one message when writing starts to fail, until it succeeds again; must not wait
    public static LogFile of(Path path, Consumer<String> problems) {
        return started(new LogFile(path.toString(), () -> new FileOutputStream(path.toFile(), true), Keeping.FOREVER, false,
                problems));
    }

    /// As [#of], for a file that is not always kept open. It is created with the first line.
    ///
    /// @param folder a folder that must exist for the file to be opened; empty for none
    static LogFile of(Path path, Optional<Path> folder, Keeping keeping, Consumer<String> problems) {
        return started(new LogFile(path.toString(), () -> {
            if (folder.isPresent() && !Files.isDirectory(folder.get())) {
                throw new IOException("there is no folder " + folder.get());
            }
            return new FileOutputStream(path.toFile(), true);
        }, keeping, false, problems));
    }

    /// Sends each line as a datagram. If that fails, the failure is reported, and the next line opens the socket again.
    ///
    /// @param address gives the address whenever the socket is opened
    static LogFile datagrams(String name, Supplier<SocketAddress> address, Consumer<String> problems) {
        return started(new LogFile(name, () -> Datagrams.to(address.get()), Keeping.FOREVER, true, problems));
    }

    /// As [#of], with a header that is written whenever the file is opened.
    static LogFile headed(Path path, Supplier<byte[]> header, Consumer<String> problems) {
        return started(new LogFile(path.toString(), () -> {
            OutputStream out = new FileOutputStream(path.toFile(), true);
            try {
                out.write(header.get());
            } catch (IOException e) {
                out.close();
                throw e;
            }
            return out;
        }, Keeping.FOREVER, false, problems));
    }

    /// As [#of], for a file that is created with the mode 0600.
    static LogFile secret(Path path, Consumer<String> problems) {
        return started(new LogFile(path.toString(), () -> ownersOnly(path), Keeping.FOREVER, false, problems));
    }

    /// Opens such a file for writing and closes it again.
    ///
    /// @throws IOException with the name of the file and the reason, if that fails
    static void trySecret(Path path) throws IOException {
        try (OutputStream out = ownersOnly(path)) {
            out.flush();
        } catch (IOException e) {
            throw new IOException("log \"" + path + "\" cannot be written: " + e, e);
        }
    }

    private static OutputStream ownersOnly(Path path) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }

    public static LogFile standardOutput(Consumer<String> problems) {
        return started(new LogFile("standard output", () -> new Unclosed(FileDescriptor.out), Keeping.FOREVER, false,
                problems));
    }

    public static LogFile standardError() {
        return started(new LogFile("standard error", () -> new Unclosed(FileDescriptor.err), Keeping.FOREVER, false,
                _ -> { }));
    }

    /// A file that is not opened and gets nothing, for a configuration that does not serve.
    static LogFile unwritten(String name) {
        return new LogFile(name, OutputStream::nullOutputStream, Keeping.FOREVER, false, _ -> { });
    }

    /// Its name for people.
    public String name() {
        return name;
    }

    private static LogFile started(LogFile file) {
        file.thread.start();
        return file;
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
    /// Waits at most 100 ms, and not at all while the file is known to be stuck, so a pipe that nobody reads delays few callers.
    @Override
    public void await() {
        if (stuck || closing) {
            return;
        }
        Waiter waiter = new Waiter(Thread.currentThread());
        if (!queue.offer(waiter)) {
            return;
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
        LockSupport.unpark(thread);
    }

    /// True while nobody waits for the writer, because somebody has waited too long.
    boolean isStuck() {
        return stuck;
    }

    /// True if a line was written, and the last attempt to open the file succeeded.
    boolean wasOpened() {
        return opened;
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
        if (thread.getState() == Thread.State.NEW) {           // nothing is written
            return;
        }
        wake();
        try {
            thread.join(CLOSE_TIMEOUT);
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
        if (keeping == Keeping.FOREVER) {
            open();
        }
        while (!closing || !queue.isEmpty()) {
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
            if (out != null && openNanos() == 0) {
                closeFile();
            }
            sleep();
        }
        flush();
        closeFile();
    }

    private void sleep() {
        asleep = true;
        long rest = Math.min(restNanos(), openNanos());
        while (queue.isEmpty() && !reopening && !closing && rest > 0) {
            if (rest == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, rest);
            }
            rest = Math.min(restNanos(), openNanos());
        }
        asleep = false;
    }

    /// The time for which the file may stay open without a line, in nanoseconds: 0 if it must be closed now.
    private long openNanos() {
        if (out == null || keeping == Keeping.FOREVER) {
            return Long.MAX_VALUE;
        }
        return uses < keeping.minUses() ? 0
                : Math.max(0, keeping.inactive().toNanos() - (System.nanoTime() - usedNanos));
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
        Object next;
        while (!reopening && (next = queue.poll()) != null) {
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
        if (datagrams) {
            write(line, line.length - 1);
        } else if (line.length > room) {
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
        if (!waiters.isEmpty()) {
            waiters.forEach(Waiter::release);
            waiters.clear();
            stuck = false;
        }
    }

    private void write(byte[] bytes, int length) {
        try {
            OutputStream open = opened();
            int level = buffering.gzip();
            if (level == 0) {
                open.write(bytes, 0, length);
            } else {
                open.write(compressed(bytes, length, level));
            }
            reported = false;
        } catch (IOException e) {
            dropped.addAndGet(lines);
            report(e);
            closeFile();
        }
        lines = 0;
    }

    /// The open file. One that is not kept forever is opened again if its name belongs to another file by now.
    private OutputStream opened() throws IOException {
        if (keeping != Keeping.FOREVER) {
            long now = System.nanoTime();
            uses = (int) Math.min(Integer.MAX_VALUE, lines + (now - usedNanos < keeping.inactive().toNanos() ? uses : 0));
            usedNanos = now;
            if (out != null && now - checkedNanos >= keeping.valid().toNanos()) {
                checkedNanos = now;
                if (!Objects.equals(identity(), openFile)) {
                    closeFile();
                }
            }
        }
        OutputStream open = out;
        if (open == null) {
            opened = false;
            open = opener.open();
            opened = true;
            out = open;
            checkedNanos = System.nanoTime();
            openFile = keeping == Keeping.FOREVER ? null : identity();
        }
        return open;
    }

    /// The identity of the file that has the name now; null for none.
    private @Nullable Object identity() {
        try {
            return Files.readAttributes(Path.of(name), BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /// A buffer as a member of a gzip file. A file of several members is one gzip file (RFC 1952 §2.2).
    private static byte[] compressed(byte[] bytes, int length, int level) throws IOException {
        var made = new ByteArrayOutputStream(length / 4);
        try (OutputStream member = new Member(made, level)) {
            member.write(bytes, 0, length);
        }
        return made.toByteArray();
    }

    private static final class Member extends GZIPOutputStream {
        Member(OutputStream out, int level) throws IOException {
            super(out);
            def.setLevel(level);
        }
    }

    /// Opens the file before the first line, so that the file exists and a failure is reported early.
    private void open() {
        try {
            out = opener.open();
        } catch (IOException e) {
            report(e);
        }
    }

    private void closeFile() {
        OutputStream open = out;
        out = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            report(e);
        }
    }

    private void report(IOException why) {
        if (!reported) {
            reported = true;
            problems.accept("log \"" + name + "\" cannot be written: " + Optional.ofNullable(why.getMessage()).orElse("?"));
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

    private interface Opener {
        OutputStream open() throws IOException;
    }

    /// A stream on a descriptor of the process, which stays open.
    private static final class Unclosed extends FileOutputStream {
        Unclosed(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {
        }
    }
}

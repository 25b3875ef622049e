package io.selvage.server.compress;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.CodedContent;
import io.selvage.server.http.Failure;
import io.selvage.server.http.SourceFilter;
import io.selvage.server.net.Buffers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A body that is compressed or decompressed as it is sent. Before it waits for its source, everything that came is put out, so a
/// stream without an end reaches the client as it comes.
///
/// It holds two buffers of 16 KiB and the memory of its coder. After some work without a wait, the coder runs on another thread.
public final class CodedBody extends SourceFilter implements CodedContent {
    private static final String GUNZIP = "identity";
    /// Decompression of more than this is done on another thread.
    private static final int INLINE_GUNZIP = 256 << 10;

    private final String coding;
    private final Coder coder;
    private final int reserved;
    private final int inlineBytes;
    private final UnaryOperator<Failure> onMalformed;
    private @Nullable CoderBuffers buffers;                // until it is closed
    private Coder.Goal goal = Coder.Goal.CODE;
    private boolean sourceEnded;
    private boolean ended;
    private boolean unflushed;                             // the coder may keep bytes back
    private long work;                                     // bytes coded since the last wait
    private long before;
    private long after;

    private CodedBody(BodySource source, String coding, Coder coder, int reserved, int inlineBytes,
            UnaryOperator<Failure> onMalformed) {
        super(source);
        this.coding = coding;
        this.coder = coder;
        this.reserved = reserved;
        this.inlineBytes = inlineBytes;
        this.onMalformed = onMalformed;
        this.buffers = CoderBuffers.take();
    }

    /// A body that is compressed; empty if there is no memory for a coder. Then the source is not touched.
    public static Optional<CodedBody> compressed(BodySource source, CoderSpec spec) throws Failure {
        if (!CoderMemory.reserve(spec.memory())) {
            return Optional.empty();
        }
        boolean opened = false;
        try {
            CodedBody body = new CodedBody(source, spec.coding().token(), spec.open(), spec.memory(), spec.inlineBytes(),
                    UnaryOperator.identity());
            opened = true;
            return Optional.of(body);
        } finally {
            if (!opened) {
                CoderMemory.release(spec.memory());
            }
        }
    }

    /// A body that was compressed with gzip and is decompressed.
    ///
    /// @param onMalformed gets the failure if it is not gzip, and returns the one that is thrown
    public static CodedBody gunzipped(BodySource source, UnaryOperator<Failure> onMalformed) {
        return new CodedBody(source, GUNZIP, new GunzipCoder(), 0, INLINE_GUNZIP, onMalformed);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        int count = take(into);
        while (count == 0 && !ended) {
            advance(true);
            count = take(into);
        }
        return count == 0 ? -1 : count;
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        int count = take(into);
        boolean more = true;
        while (count == 0 && !ended && more) {
            more = advance(false);
            count = take(into);
        }
        return count == 0 && ended ? -1 : count;
    }

    private int take(ByteBuffer into) {
        return Buffers.move(open().out(), into);
    }

    private CoderBuffers open() {
        if (buffers == null) {
            throw new IllegalStateException("closed");
        }
        return buffers;
    }

    /// Runs the coder once, on new input if there is some. The output of the last step was taken.
    ///
    /// @return false if that would have had to wait for the source, and may not
    private boolean advance(boolean mayWait) throws Failure {
        CoderBuffers own = open();
        if (goal == Coder.Goal.CODE && !own.in().hasRemaining() && !fill(own.in(), mayWait)) {
            return false;
        }
        ByteBuffer out = own.out().clear();
        boolean reached;
        try {
            reached = step(own.in(), out);
        } catch (Failure malformed) {
            throw onMalformed.apply(malformed);
        } finally {
            out.flip();
        }
        after += out.remaining();
        work += out.remaining();
        if (reached) {
            ended = goal == Coder.Goal.END;
            unflushed &= goal == Coder.Goal.CODE;
            goal = Coder.Goal.CODE;
        }
        return true;
    }

    private boolean step(ByteBuffer in, ByteBuffer out) throws Failure {
        return work + in.remaining() <= inlineBytes ? coder.step(in, out, goal)
                : BlockingExecutor.<Boolean, Failure>compute(() -> coder.step(in, out, goal));
    }

    /// Reads what the source has. If it has nothing now, the goal becomes a flush; if there is nothing to flush, this waits.
    ///
    /// @return false if it may not wait
    private boolean fill(ByteBuffer in, boolean mayWait) throws Failure {
        in.clear();
        try {
            int count = sourceEnded ? -1 : source.readNow(in);
            if (count == 0 && !mayWait) {
                return false;
            }
            if (count == 0 && unflushed) {
                goal = Coder.Goal.FLUSH;
            } else if (count == 0) {
                work = 0;
                count = source.read(in);
            }
            while (count > 0 && in.hasRemaining()) {
                count = source.readNow(in);
            }
            sourceEnded = count < 0;
        } finally {
            in.flip();
        }
        before += in.remaining();
        work += in.remaining();
        unflushed |= in.hasRemaining();
        if (sourceEnded) {
            goal = Coder.Goal.END;
        }
        return true;
    }

    /// Unknown, until it is coded.
    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public boolean hasMoreNow() {
        return ended || buffers != null && (buffers.out().hasRemaining() || buffers.in().hasRemaining()) || source.hasMoreNow();
    }

    @Override
    public String coding() {
        return coding;
    }

    @Override
    public long before() {
        return before;
    }

    @Override
    public long after() {
        return after;
    }

    @Override
    public void close() {
        CoderBuffers own = buffers;
        if (own == null) {
            return;
        }
        buffers = null;
        source.close();
        own.give();
        if (ended) {
            coder.close();
        } else {
            BlockingExecutor.compute(() -> {               // a coder may complete its stream first
                coder.close();
                return true;
            });
        }
        CoderMemory.release(reserved);
    }
}

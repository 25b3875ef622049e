package io.selvage.server.compress;

import io.selvage.cache.FileVariants;
import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.CodedContent;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The compressed form of a whole file that the cache keeps with it. Safe for any number of threads.
public final class CodedFile implements FileVariants.Variant, CodedContent {
    /// The longest file of which a compressed form is kept. The first client waits while it is made.
    public static final long LONGEST = 1 << 20;

    private final String coding;
    private final long before;
    private final ByteBuffer bytes;                        // direct, and never changed
    private volatile @Nullable Fields fields;              // the last ones; any thread, and the last one to write wins

    private CodedFile(String coding, long before, ByteBuffer bytes) {
        this.coding = coding;
        this.before = before;
        this.bytes = bytes;
    }

    /// Fields of a response, and what they were made from.
    private record Fields(Headers plain, CodingHeaders.Compressed maker, Headers coded) {
    }

    /// The compressed form of a file: the one that is kept, or a new one.
    ///
    /// @param body all of the file, at most [#LONGEST] bytes, with its variants
    public static CodedFile of(Body body, FileVariants variants, CoderSpec spec) throws Failure {
        return variants.get(spec, CodedFile.class, () -> made(body, spec));
    }

    /// The compressed form of a body; it is not kept.
    ///
    /// @param body bytes, or a part of a file
    public static CodedFile made(Body body, CoderSpec spec) throws Failure {
        long length = body.length().orElseThrow();
        return length <= spec.inlineBytes() && body instanceof Body.Bytes ? compress(body, length, spec)
                : BlockingExecutor.<CodedFile, Failure>compute(() -> compress(body, length, spec));
    }

    private static CodedFile compress(Body body, long length, CoderSpec spec) throws Failure {
        CoderBuffers buffers = CoderBuffers.take();
        byte[] made = new byte[0];
        int count = 0;
        try (Coder coder = spec.open()) {
            BodySource source = BodyReader.of(body);       // not closed: the body is not ours
            boolean ended = false;
            while (!ended) {
                ByteBuffer in = buffers.in();
                boolean last = source.read(in.clear()) < 0;
                in.flip();
                boolean reached = false;
                while (!reached) {
                    reached = coder.step(in, buffers.out().clear(), last ? Coder.Goal.END : Coder.Goal.CODE);
                    ByteBuffer out = buffers.out().flip();
                    made = grown(made, count + out.remaining());
                    int some = out.remaining();
                    out.get(made, count, some);
                    count += some;
                }
                ended = last;
            }
        } finally {
            buffers.give();
        }
        return new CodedFile(spec.coding().token(), length, ByteBuffer.allocateDirect(count).put(made, 0, count).flip());
    }

    private static byte[] grown(byte[] bytes, int needed) {
        return needed <= bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }

    /// As a body. Nothing may change its buffer.
    public Body body() {
        return new Body.Bytes(bytes);
    }

    /// The fields of a response with this body. Those of reusable fields are remembered.
    ///
    /// @param plain the fields of the response with the uncompressed file
    /// @param maker makes the others of them
    public Headers fields(Headers plain, CodingHeaders.Compressed maker) {
        Fields known = fields;
        if (known != null && known.plain == plain && known.maker.equals(maker)) {
            return known.coded;
        }
        Headers made = maker.of(plain);
        if (!plain.isReusable()) {
            return made;
        }
        Headers reusable = made.reusable();
        fields = new Fields(plain, maker, reusable);
        return reusable;
    }

    @Override
    public int bytes() {
        return bytes.capacity();
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
        return bytes.capacity();
    }
}

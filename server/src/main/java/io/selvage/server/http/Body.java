package io.selvage.server.http;

import io.selvage.cache.FileVariants;
import io.selvage.server.net.SendableFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// What is sent behind a head. The sender calls [#close()] once, whether it sends it or not.
public sealed interface Body extends AutoCloseable {
    Body NONE = new None();

    /// Nothing.
    record None() implements Body {
    }

    /// Bytes in memory, from position to limit. The buffer is not changed: senders work on a duplicate.
    ///
    /// @param variants keeps forms of these bytes, if they are all of a remembered file
    record Bytes(ByteBuffer bytes, FileVariants variants) implements Body {
        public Bytes(ByteBuffer bytes) {
            this(bytes, FileVariants.NONE);
        }
    }

    /// A part of an open file, sent by the kernel where it can.
    ///
    /// @param start as many of its first bytes as lie in memory, to leave together with the head; maybe none
    /// @param whenDone gives the file back
    /// @param variants keeps forms of these bytes, if they are all of a remembered file
    record FilePart(SendableFile file, long at, long count, ByteBuffer start, Runnable whenDone, FileVariants variants)
            implements Body {
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        public FilePart(SendableFile file, long at, long count, Runnable whenDone) {
            this(file, at, count, NOTHING, whenDone, FileVariants.NONE);
        }

        @Override
        public void close() {
            whenDone.run();
        }
    }

    /// Several bodies one behind the other (multipart/byteranges). None of them is a stream.
    record Parts(List<Body> parts) implements Body {
        public Parts {
            parts = List.copyOf(parts);
        }

        @Override
        public void close() {
            parts.forEach(Body::close);
        }
    }

    /// Bytes that come as they come.
    record Stream(BodySource source) implements Body {
        @Override
        public void close() {
            source.close();
        }
    }

    static Body text(String latin1) {
        return new Bytes(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// Its length in bytes, where that is known before it is sent.
    default OptionalLong length() {
        return switch (this) {
            case None() -> OptionalLong.of(0);
            case Bytes(var bytes, _) -> OptionalLong.of(bytes.remaining());
            case FilePart(_, _, long count, _, _, _) -> OptionalLong.of(count);
            case Parts(var parts) -> OptionalLong.of(parts.stream().mapToLong(part -> part.length().orElseThrow()).sum());
            case Stream(var source) -> source.length();
        };
    }

    @Override
    default void close() {
    }
}

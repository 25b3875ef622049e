package io.selvage.server.http1;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Body;
import io.selvage.server.http.Failure;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Small parts of a body, copied into one buffer so that they leave in one write.
public final class GatheredParts {

    private GatheredParts() {
    }

    /// What sends the parts.
    public interface Sink {

        /// Sends the bytes of one part or several, which are in the buffer until this returns.
        void gathered(ByteBuffer bytes) throws IOException, Failure;

        /// Sends a part that is longer than a buffer.
        void large(Body part) throws IOException, Failure;
    }

    /// Sends small parts together: their number is the client's choice (`Range`), but not the number of writes.
    ///
    /// @param parts neither streams nor parts of parts
    /// @throws Failure if a file cannot be read, or became shorter
    public static void send(List<Body> parts, Sink sink) throws IOException, Failure {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            int from = 0;
            long count = 0;
            for (int i = 0; i < parts.size(); i++) {
                long length = parts.get(i).length().orElseThrow();
                if (count + length > buffer.capacity()) {
                    together(parts.subList(from, i), buffer.clear(), sink);
                    from = i;
                    count = 0;
                }
                if (length > buffer.capacity()) {
                    sink.large(parts.get(i));
                    from = i + 1;
                } else {
                    count += length;
                }
            }
            together(parts.subList(from, parts.size()), buffer.clear(), sink);
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    private static void together(List<Body> parts, ByteBuffer buffer, Sink sink) throws IOException, Failure {
        if (gather(parts, buffer)) {
            sink.gathered(buffer.flip());
        }
    }

    /// Copies the parts. Those from files are read in one hand-over to a thread that may block.
    ///
    /// @param parts neither streams nor parts of parts; they fit into the buffer together
    /// @param into cleared; the bytes are before its position then
    /// @return whether there are any bytes
    /// @throws Failure if a file cannot be read, or became shorter
    private static boolean gather(List<Body> parts, ByteBuffer into) throws Failure {
        return parts.stream().anyMatch(Body.FilePart.class::isInstance)
                ? BlockingExecutor.<Boolean, Failure>call(() -> copy(parts, into)) : copy(parts, into);
    }

    private static boolean copy(List<Body> parts, ByteBuffer into) throws Failure {
        for (Body part : parts) {
            switch (part) {
                case Body.None() -> { }
                case Body.Bytes(ByteBuffer bytes, _) -> into.put(bytes.duplicate());
                case Body.FilePart file -> copy(file, into);
                case Body.Parts _, Body.Stream _ -> throw new IllegalArgumentException("not one part: " + part);
            }
        }
        return into.position() > 0;
    }

    private static void copy(Body.FilePart part, ByteBuffer into) throws Failure {
        int start = into.position();
        into.limit(start + (int) part.count());
        while (into.hasRemaining()) {
            read(part.file(), into, part.at() + into.position() - start);
        }
        into.limit(into.capacity());
    }

    /// Reads at least one byte.
    public static void read(SendableFile file, ByteBuffer into, long at) throws Failure {
        try {
            if (file.read(into, at) <= 0) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, true, "a file cannot be read", e);
        }
    }
}

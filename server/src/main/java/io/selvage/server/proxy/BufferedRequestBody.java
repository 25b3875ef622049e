package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The body of a request, received in full before a peer is asked. So a slow client does not occupy a peer, and the request can
/// be sent again.
///
/// Up to a bound it is in memory, above it in a [TempFile].
sealed interface BufferedRequestBody extends RequestBodySource {
    /// No body, and no field about one.
    BufferedRequestBody NONE = new InMemory(ByteBuffer.allocate(0), Framing.NONE);
    /// A body of no bytes, with `Content-Length: 0`.
    BufferedRequestBody EMPTY = new InMemory(ByteBuffer.allocate(0));

    /// A body in memory, sent in one write with the head. The buffer is never changed.
    record InMemory(ByteBuffer bytes, Framing framing) implements BufferedRequestBody {
        InMemory(ByteBuffer bytes) {
            this(bytes, new Framing.Length(bytes.remaining()));
        }

        @Override
        public long length() {
            return bytes.remaining();
        }

        @Override
        public int read(ByteBuffer into, long at) {
            int count = (int) Math.min(into.remaining(), bytes.remaining() - at);
            if (count == 0) {
                return -1;
            }
            into.put(bytes.slice(bytes.position() + (int) at, count));
            return count;
        }

        @Override
        public RequestTransfer send(UpstreamCall call) throws Failure {
            call.sendHead(bytes.hasRemaining() ? bytes.duplicate() : bytes);
            call.endBody();
            return RequestTransfer.DONE;
        }
    }

    /// A body in a file. A thread of its own sends it behind the head.
    ///
    /// @param owned whether closing it closes the file
    record InFile(TempFile file, long length, boolean owned) implements BufferedRequestBody {
        private static final int READ_SIZE = 64 * 1024;
        /// The least bytes of one write to the file, but for the last: each costs a hand-over to another thread.
        private static final int LEAST_WRITTEN = 16 * 1024;

        @Override
        public Framing framing() {
            return new Framing.Length(length);
        }

        @Override
        public RequestTransfer send(UpstreamCall call) throws Failure {
            call.sendHead(UpstreamCall.NO_BYTES);
            return RequestTransfer.inBackground(() -> sendFile(call));
        }

        private void sendFile(UpstreamCall call) throws Failure {
            ByteBuffer buffer = ByteBuffer.allocate(READ_SIZE);
            long at = 0;
            while (read(buffer.clear(), at) >= 0) {
                at += buffer.flip().remaining();
                call.sendBody(buffer);
            }
            call.endBody();
        }

        @Override
        public int read(ByteBuffer into, long at) throws Failure {
            return file.read(into, at);
        }

        @Override
        public void close() {
            if (owned) {
                file.close();
            }
        }
    }

    /// The same bytes for another reader, who closes its body before this one is closed.
    default BufferedRequestBody lent() {
        return switch (this) {
            case InMemory memory -> memory;
            case InFile(var file, long length, _) -> new InFile(file, length, false);
        };
    }

    long length();

    /// Copies bytes from position `at` into a buffer.
    ///
    /// @return how many, or -1 at the end
    int read(ByteBuffer into, long at) throws Failure;

    @Override
    default boolean isRepeatable() {
        return true;
    }

    /// Receives a whole body.
    ///
    /// @param bound the most bytes kept in memory (`client_body_buffer_size`)
    /// @param folder where longer bodies are stored, created if need be (`client_body_temp_path`); all bodies, if its files keep
    ///        their names (`client_body_in_file_only`)
    /// @throws Failure when the client does not send all of it, or the file cannot be written
    static BufferedRequestBody receive(RequestBody body, int bound, TempFolder folder) throws Failure {
        if (folder.kept() != TempFolder.Kept.NEVER) {
            return spill(ByteBuffer.allocate(0), body, Math.max(bound, InFile.LEAST_WRITTEN), folder);
        }
        long length = body.length().orElse(Long.MAX_VALUE);
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, bound) + 1);
        while (bytes.hasRemaining()) {
            if (body.read(bytes) < 0) {
                return new InMemory(bytes.flip());
            }
        }
        return spill(bytes.flip(), body, Math.max(bound, InFile.LEAST_WRITTEN), folder);
    }

    private static BufferedRequestBody spill(ByteBuffer first, RequestBody body, int bufferSize, TempFolder folder)
            throws Failure {
        Optional<ByteBuffer> large = bufferSize < LargeBuffers.SIZE ? LargeBuffers.take() : Optional.empty();
        @Nullable TempFile file = null;
        boolean complete = false;
        try {
            file = folder.open();
            long length = file.write(first, 0);
            length += writeRest(body, large.orElseGet(() -> ByteBuffer.allocate(bufferSize)), file, length);
            complete = true;
            return new InFile(file, length, true);
        } finally {
            large.ifPresent(LargeBuffers::give);
            if (file != null && !complete) {
                file.close();
            }
        }
    }

    private static long writeRest(RequestBody body, ByteBuffer buffer, TempFile file, long from) throws Failure {
        long at = from;
        boolean hasMore = true;
        while (hasMore) {
            hasMore = body.read(buffer) >= 0;
            if (!hasMore || !buffer.hasRemaining()) {
                at += file.write(buffer.flip(), at);
                buffer.clear();
            }
        }
        return at - from;
    }
}

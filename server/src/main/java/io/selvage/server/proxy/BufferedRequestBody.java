package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The body of a request, received in full before a peer is troubled with it, so that a slow client costs no worker and the
/// request can be sent again.
///
/// It is in memory up to a bound and in a [TempFile] above it.
sealed interface BufferedRequestBody extends RequestBodySource {
    /// No body, and nothing is said of one.
    BufferedRequestBody NONE = new InMemory(ByteBuffer.allocate(0), Framing.NONE);
    /// A body of no bytes, which is told.
    BufferedRequestBody EMPTY = new InMemory(ByteBuffer.allocate(0));

    /// All of it in memory, sent in one write with the head. The buffer is not changed.
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

    /// All of it in a file, sent by a thread of its own behind the head.
    record InFile(TempFile file, long length) implements BufferedRequestBody {
        private static final int PIECE = 64 * 1024;

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
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            long at = 0;
            while (read(piece.clear(), at) >= 0) {
                at += piece.flip().remaining();
                call.sendBody(piece);
            }
            call.endBody();
        }

        @Override
        public int read(ByteBuffer into, long at) throws Failure {
            return file.read(into, at);
        }

        @Override
        public void close() {
            file.close();
        }
    }

    long length();

    /// Puts the bytes from `at` on into a buffer.
    ///
    /// @return how many, or -1 behind the last one
    int read(ByteBuffer into, long at) throws Failure;

    @Override
    default boolean isRepeatable() {
        return true;
    }

    /// Receives all of a body.
    ///
    /// @param bound the most bytes kept in memory (`client_body_buffer_size`)
    /// @param folder where longer bodies are put, created if need be (`client_body_temp_path`)
    /// @throws Failure when the client does not send all of it, or the file cannot be written
    static BufferedRequestBody receive(RequestBody body, int bound, Path folder) throws Failure {
        long told = body.length().orElse(Long.MAX_VALUE);
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(told, bound) + 1);
        while (bytes.hasRemaining()) {
            if (body.read(bytes) < 0) {
                return new InMemory(bytes.flip());
            }
        }
        return spill(bytes.flip(), body, Math.max(bound, bytes.capacity()), folder);
    }

    private static BufferedRequestBody spill(ByteBuffer first, RequestBody body, int pieceSize, Path folder) throws Failure {
        TempFile file = TempFile.open(folder);
        try {
            long length = file.write(first, 0);
            ByteBuffer piece = ByteBuffer.allocate(pieceSize);
            while (body.read(piece) >= 0) {
                length += file.write(piece.flip(), length);
                piece.clear();
            }
            return new InFile(file, length);
        } catch (Failure | RuntimeException e) {
            file.close();
            throw e;
        }
    }
}

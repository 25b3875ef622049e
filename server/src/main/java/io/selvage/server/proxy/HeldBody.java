package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The body of a request, received in full before a peer is troubled with it, so that a slow client costs no worker and the
/// request can be sent again.
///
/// It is in memory up to a bound and in a file above it. The file has no name any more while it is used, so that nothing of
/// it stays behind, whatever happens to us.
sealed interface HeldBody extends Upload {
    /// No body, and nothing is said of one.
    HeldBody NONE = new InMemory(ByteBuffer.allocate(0), Framing.NONE);
    /// A body of no bytes, which is told.
    HeldBody EMPTY = new InMemory(ByteBuffer.allocate(0));

    /// All of it in memory, sent in one write with the head. The buffer is not changed.
    record InMemory(ByteBuffer bytes, Framing framing) implements HeldBody {
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
        public Sending send(Http1Call call, ByteBuffer head) throws Failure {
            if (bytes.hasRemaining()) {
                call.sendHead(head, bytes.duplicate());
            } else {
                call.sendHead(head);
            }
            call.endBody();
            return Sending.OVER;
        }
    }

    /// All of it in a file, sent by a thread of its own behind the head.
    record InFile(FileChannel file, long length) implements HeldBody {
        private static final int PIECE = 64 * 1024;

        @Override
        public Framing framing() {
            return new Framing.Length(length);
        }

        @Override
        public Sending send(Http1Call call, ByteBuffer head) throws Failure {
            call.sendHead(head);
            return new Sending(() -> sendFile(call));
        }

        private void sendFile(Http1Call call) throws Failure {
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
            try {
                return file.read(into, at);
            } catch (IOException e) {
                throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, false, "the file of a request body: " + e, e);
            }
        }

        @Override
        public void close() {
            HeldBody.close(file);
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
    static HeldBody receive(RequestBody body, int bound, Path folder) throws Failure {
        long told = body.length().orElse(Long.MAX_VALUE);
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(told, bound) + 1);
        while (bytes.hasRemaining()) {
            if (body.read(bytes) < 0) {
                return new InMemory(bytes.flip());
            }
        }
        return spill(bytes.flip(), body, Math.max(bound, bytes.capacity()), folder);
    }

    private static HeldBody spill(ByteBuffer first, RequestBody body, int pieceSize, Path folder) throws Failure {
        FileChannel file = open(folder);
        try {
            long length = write(file, first);
            ByteBuffer piece = ByteBuffer.allocate(pieceSize);
            while (body.read(piece) >= 0) {
                length += write(file, piece.flip());
                piece.clear();
            }
            return new InFile(file, length);
        } catch (Failure | RuntimeException e) {
            close(file);
            throw e;
        }
    }

    private static FileChannel open(Path folder) throws Failure {
        try {
            Files.createDirectories(folder);
            Path path = Files.createTempFile(folder, "body", "");
            try {
                return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static long write(FileChannel file, ByteBuffer bytes) throws Failure {
        long count = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            return count;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static Failure unwritable(IOException why) {
        return Failure.here(Failure.What.REFUSED, "a request body could not be put into a temporary file: " + why);
    }

    private static void close(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

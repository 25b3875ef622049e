package io.selvage.server.compress;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/// Reads a body of any kind piece by piece, for those who change bodies. A file is read on threads that may block.
public final class BodyReader implements BodySource {
    private final Body body;
    private final Deque<Body> left = new ArrayDeque<>();   // the parts that are not read to their end
    private long taken;                                    // bytes of the first of them

    private BodyReader(Body body) {
        this.body = body;
        left.add(body);
    }

    /// The bytes of a body, from the first on. Closing the source closes the body.
    public static BodySource of(Body body) {
        return body instanceof Body.Stream(var source) ? source : new BodyReader(body);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        while (!left.isEmpty()) {
            int count = switch (left.getFirst()) {
                case Body.None() -> -1;
                case Body.Bytes(ByteBuffer bytes, _) -> copy(bytes, taken, into);
                case Body.FilePart part -> read(part, into);
                case Body.Parts(var parts) -> unpack(parts);
                case Body.Stream(var source) -> source.read(into);
            };
            if (count > 0) {
                taken += count;
                return count;
            }
            if (count < 0) {
                left.removeFirst();
                taken = 0;
            }
        }
        return -1;
    }

    /// Puts the parts in the place of the whole.
    ///
    /// @return 0, since no byte was read
    private int unpack(List<Body> parts) {
        left.removeFirst();
        parts.reversed().forEach(left::addFirst);
        return 0;
    }

    private static int copy(ByteBuffer bytes, long from, ByteBuffer into) {
        int count = (int) Math.min(into.remaining(), bytes.remaining() - from);
        if (count == 0) {
            return -1;
        }
        into.put(bytes.slice(bytes.position() + (int) from, count));
        return count;
    }

    private int read(Body.FilePart part, ByteBuffer into) throws Failure {
        if (taken < part.start().remaining()) {
            return copy(part.start(), taken, into);
        }
        int most = (int) Math.min(into.remaining(), part.count() - taken);
        if (most == 0) {
            return -1;
        }
        ByteBuffer room = into.slice(into.position(), most);
        int count = readFile(part, room);
        into.position(into.position() + count);
        return count;
    }

    private int readFile(Body.FilePart part, ByteBuffer room) throws Failure {
        try {
            int count = BlockingExecutor.call(() -> part.file().read(room, part.at() + taken));
            if (count <= 0) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
            return count;
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, true, "a file cannot be read", e);
        }
    }

    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public boolean hasMoreNow() {
        return true;
    }

    @Override
    public void close() {
        body.close();
    }
}

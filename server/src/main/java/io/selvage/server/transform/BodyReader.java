package io.selvage.server.transform;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/// Reads the bytes of a body that lies in memory or in a file. Files are read in [BlockingExecutor], never on a carrier.
final class BodyReader implements BodySource {
    private final Body body;
    private final List<Body> parts;
    private int part;
    private long taken;                                    // bytes of the current part

    private BodyReader(Body body) {
        this.body = body;
        this.parts = body instanceof Body.Parts(var several) ? several : List.of(body);
    }

    /// The bytes of any body. Closing the result closes the body.
    static BodySource of(Body body) {
        return body instanceof Body.Stream(BodySource source) ? source : new BodyReader(body);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        while (part < parts.size()) {
            int count = copy(parts.get(part), into);
            if (count > 0) {
                taken += count;
                return count;
            }
            part++;
            taken = 0;
        }
        return -1;
    }

    private int copy(Body from, ByteBuffer into) throws Failure {
        return switch (from) {
            case Body.None() -> 0;
            case Body.Bytes(ByteBuffer bytes) -> copy(bytes, into);
            case Body.FilePart file when taken < file.start().remaining() -> copy(file.start(), into);
            case Body.FilePart file -> copy(file, into);
            case Body.Parts _, Body.Stream _ -> throw new IllegalArgumentException("not one part: " + from);
        };
    }

    private int copy(ByteBuffer bytes, ByteBuffer into) {
        int count = (int) Math.min(bytes.remaining() - taken, into.remaining());
        into.put(into.position(), bytes, bytes.position() + (int) taken, count);
        into.position(into.position() + count);
        return count;
    }

    private int copy(Body.FilePart file, ByteBuffer into) throws Failure {
        int limit = into.limit();
        into.limit(into.position() + (int) Math.min(into.remaining(), file.count() - taken));
        if (!into.hasRemaining()) {
            into.limit(limit);
            return 0;
        }
        try {
            long at = file.at() + taken;
            int count = BlockingExecutor.call(() -> file.file().read(into, at));
            if (count <= 0) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
            return count;
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, true, "a file cannot be read", e);
        } finally {
            into.limit(limit);
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

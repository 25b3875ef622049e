package io.selvage.server.transform;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Several bodies one behind the other. Each is opened when the one before it has ended.
final class JoinedSource implements BodySource {

    /// A body that is not open yet.
    interface Part extends AutoCloseable {
        BodySource open() throws Failure;

        /// Gives it up, open or not.
        @Override
        void close();
    }

    private final Deque<Part> parts;                       // the current one, and those behind it
    private @Nullable BodySource current;

    JoinedSource(List<Part> parts) {
        this.parts = new ArrayDeque<>(parts);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        while (!parts.isEmpty()) {
            BodySource source = current == null ? parts.getFirst().open() : current;
            current = source;
            int count = source.read(into);
            if (count >= 0) {
                return count;
            }
            end();
        }
        return -1;
    }

    /// Opens nothing, since that may wait.
    @Override
    public int readNow(ByteBuffer into) throws Failure {
        BodySource source = current;
        if (source == null) {
            return parts.isEmpty() ? -1 : 0;
        }
        int count = source.readNow(into);
        if (count >= 0) {
            return count;
        }
        end();
        return parts.isEmpty() ? -1 : 0;
    }

    @Override
    public void readAhead() {
        if (current != null) {
            current.readAhead();
        }
    }

    private void end() {
        current = null;
        parts.removeFirst().close();
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public boolean hasMoreNow() {
        return parts.isEmpty() || current != null && current.hasMoreNow();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.removeFirst().close();
        }
    }
}

package io.selvage.server.http2;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which stream sends next (RFC 9218 §10): the most urgent ones; among those of one urgency one after the other, but
/// incremental ones a frame each in turn. It decides and does nothing. Guarded by the lock of the connection.
final class OutputScheduler {
    private final List<ArrayDeque<Http2Stream>> levels = new ArrayList<>(StreamPriority.LEVELS);
    private int present;                       // a bit for each level that has streams

    OutputScheduler() {
        for (int level = 0; level < StreamPriority.LEVELS; level++) {
            levels.add(new ArrayDeque<>(4));
        }
    }

    boolean isEmpty() {
        return present == 0;
    }

    /// Adds a stream that has something to send and is not here yet.
    void add(Http2Stream stream) {
        int level = stream.priority().urgency();
        stream.queuedAt(level);
        levels.get(level).addLast(stream);
        present |= 1 << level;
    }

    /// Takes a stream out that may be here.
    void remove(Http2Stream stream) {
        int level = stream.queuedAt();
        if (level < 0) {
            return;
        }
        ArrayDeque<Http2Stream> queue = levels.get(level);
        if (queue.peekFirst() == stream) {
            queue.removeFirst();
        } else {
            queue.remove(stream);
        }
        stream.queuedAt(-1);
        if (queue.isEmpty()) {
            present &= ~(1 << level);
        }
    }

    /// The stream that sends next, which stays here; null if there is none.
    ///
    /// @param dataAllowed false while the window of the connection is closed: then only what is no DATA may be sent
    @Nullable Http2Stream next(boolean dataAllowed) {
        for (int rest = present; rest != 0; rest &= rest - 1) {
            ArrayDeque<Http2Stream> queue = levels.get(Integer.numberOfTrailingZeros(rest));
            if (dataAllowed) {
                return queue.peekFirst();
            }
            for (Http2Stream stream : queue) {
                if (!stream.needsWindow()) {
                    return stream;
                }
            }
        }
        return null;
    }

    /// Lets the others of its level go first, after an incremental stream has sent a frame.
    void rotate(Http2Stream stream) {
        ArrayDeque<Http2Stream> queue = levels.get(stream.queuedAt());
        if (queue.size() > 1 && queue.peekFirst() == stream) {
            queue.addLast(queue.removeFirst());
        }
    }
}

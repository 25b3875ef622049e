package io.selvage.server.http2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The streams of a connection that are answered now, and what has become of the others (RFC 9113 §5.1). Guarded by the lock of
/// the connection.
final class StreamTable {
    /// Closed streams that are remembered.
    private static final int RECENT = 256;
    /// Priorities of streams that have not come yet.
    private static final int MOST_EARLY = 64;

    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final int[] recent = new int[RECENT];          // closed ones; below 0 those that were reset here
    private int closed;
    private int highest;
    private final Map<Integer, StreamPriority> early = new HashMap<>();

    /// The stream of a number; null if it is not answered now.
    @Nullable Http2Stream find(int id) {
        return streams.get(id);
    }

    /// True for a stream that the client has not opened.
    boolean isIdle(int id) {
        return id > highest || id % 2 == 0;
    }

    /// The highest stream that was opened or refused; 0 before the first.
    int highest() {
        return highest;
    }

    /// Every stream up to this one has been opened.
    void opened(int id) {
        highest = id;
    }

    void add(Http2Stream stream) {
        streams.put(stream.id(), stream);
        StreamPriority priority = early.remove(stream.id());
        if (priority != null) {
            stream.priority(priority);
        }
    }

    /// True for a stream that was reset here, of which frames may still be on their way.
    boolean isResetHere(int id) {
        return isRecent(-id);
    }

    /// True for a stream that both sides know to be closed. False if it was never opened, or long ago.
    boolean isClosed(int id) {
        return isRecent(id);
    }

    private boolean isRecent(int entry) {
        for (int each : recent) {
            if (each == entry) {
                return true;
            }
        }
        return false;
    }

    /// The thread of a stream has ended, and the stream is closed.
    void remove(Http2Stream stream) {
        streams.remove(stream.id());
        remember(stream.id(), stream.isReset() && !stream.isResetByPeer());
    }

    /// Remembers a stream that is closed.
    ///
    /// @param resetHere whether frames of it may still be on their way
    void remember(int id, boolean resetHere) {
        recent[closed++ % RECENT] = resetHere ? -id : id;
    }

    /// The priority of a stream that may come.
    void expect(int id, StreamPriority priority) {
        if (early.size() < MOST_EARLY || early.containsKey(id)) {
            early.put(id, priority);
        }
    }

    /// True if there may be one more stream. The threads of closed streams may still work, as many as there may be streams.
    ///
    /// @param most streams that may be open (`http2_max_concurrent_streams`)
    boolean hasRoom(int most) {
        return streams.size() < most
                || streams.size() < 2L * most && streams.values().stream().filter(each -> !each.isClosed()).count() < most;
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    List<Http2Stream> all() {
        return new ArrayList<>(streams.values());
    }
}

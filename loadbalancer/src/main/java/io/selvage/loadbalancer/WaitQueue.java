package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The requests that wait for a peer of one upstream, in the order of their arrival. It belongs to the name of the upstream, so
/// that requests of several configurations stand in one line. It has no thread: a thread that frees a place at a peer calls
/// [#serve], and wakes the returned requests after it has left the monitor.
///
/// A place that becomes free is given to the first request that may use it; a request that has tried that peer already is passed
/// over. So no request waits while a peer could take it, and none overtakes another that could go as well.
///
/// Guarded by the monitor of its [UpstreamState].
final class WaitQueue {
    /// At most this many requests are passed over for each free place.
    private static final int MOST_SKIPPED = 64;

    private final LinkedHashSet<QueuePlace> waiting = new LinkedHashSet<>();
    private @Nullable QueuePlace first;                    // the one that looks for peers that recover
    private long lastWaitNanos;
    private long served;
    private long refused;
    private long expired;
    private long left;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// True if another request may wait.
    boolean hasRoom(int most) {
        return waiting.size() < most;
    }

    boolean isFirst(QueuePlace place) {
        return place == first;
    }

    void add(QueuePlace place) {
        waiting.add(place);
        if (first == null) {
            first = place;
        }
    }

    void refuse() {
        refused++;
    }

    /// Gives the free places to those that wait.
    ///
    /// @return the requests to wake: those that got a peer, and one that has become the first
    List<QueuePlace> serve(long nowNanos) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<QueuePlace> woken = new ArrayList<>();
        @Nullable Upstream exhausted = null;
        int skipped = 0;
        var places = waiting.iterator();
        while (skipped < MOST_SKIPPED && places.hasNext()) {
            QueuePlace place = places.next();
            if (place.isPlain() && place.upstream() == exhausted) {
                skipped++;
            } else if (place.takePeer(nowNanos)) {
                places.remove();
                served++;
                lastWaitNanos = nowNanos - place.sinceNanos();
                woken.add(place);
            } else {
                skipped++;
                exhausted = place.isPlain() ? place.upstream() : exhausted;
            }
        }
        announceFirst(woken);
        return woken;
    }

    /// Takes out a request whose time is over.
    List<QueuePlace> expire(QueuePlace place) {
        expired++;
        return remove(place);
    }

    /// Takes out a request whose client has left.
    List<QueuePlace> leave(QueuePlace place) {
        left++;
        return remove(place);
    }

    private List<QueuePlace> remove(QueuePlace place) {
        waiting.remove(place);
        List<QueuePlace> woken = new ArrayList<>(1);
        announceFirst(woken);
        return woken;
    }

    private void announceFirst(List<QueuePlace> woken) {
        QueuePlace now = waiting.isEmpty() ? null : waiting.getFirst();
        if (now != null && now != first) {
            woken.add(now);
        }
        first = now;
    }

    /// Lets the requests without a try wait for the peers of another version of their upstream.
    void move(Upstream from, Upstream to) {
        for (QueuePlace place : waiting) {
            if (place.upstream() == from && place.isUntried()) {
                place.move(to);
            }
        }
    }

    /// How long the request waited that got a peer most recently.
    Duration lastWait() {
        return Duration.ofNanos(lastWaitNanos);
    }

    QueueSnapshot snapshot(int most, long nowNanos) {
        long longest = first == null ? 0 : nowNanos - first.sinceNanos();
        return new QueueSnapshot(waiting.size(), most, Duration.ofNanos(longest), lastWait(),
                new QueueSnapshot.Totals(served, refused, expired, left));
    }
}

package io.selvage.server.engine;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/// Looks now and then whether somebody waits in vain: whether a thread is parked although its channel is ready.
///
/// A second selector asks about the channel; only what is ready there, and is not told when the carrier's own selector is asked
/// after that, was lost. So bytes that come meanwhile are no alarm. It costs five system calls, a few times a second at most.
final class Canary {
    private static final int MOST_A_SECOND = 4;
    private static final long SECOND = 1_000_000_000;

    private final Carrier carrier;
    private final Selector second;
    private long began;
    private int looks;

    Canary(Carrier carrier, long now) throws IOException {
        this.carrier = carrier;
        this.second = Selector.open();
        this.began = now;
    }

    /// Looks after one that waits, unless there have been looks enough.
    void look(Readiness.Waiter waiter, SelectionKey key, int operation, long now) {
        if (now - began >= SECOND) {
            began = now;
            looks = 0;
        }
        if (looks == MOST_A_SECOND || !key.isValid()) {
            return;
        }
        looks++;
        try {
            if (isReady(key, operation)) {
                carrier.lookAtChannels();
                if (waiter.waits()) {
                    carrier.lostWakeup();
                    waiter.wakeLate();
                }
            }
        } catch (IOException _) {
            // The channel has ended; its waiters are woken by whoever ended it.
        }
    }

    private boolean isReady(SelectionKey key, int operation) throws IOException {
        SelectionKey asked = key.channel().register(second, operation);
        try {
            return second.selectNow() > 0;
        } finally {
            second.selectedKeys().clear();
            asked.cancel();
            second.selectNow();
        }
    }
}

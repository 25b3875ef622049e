package io.selvage.server.engine;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/// Polls with a selector of the JDK: epoll on Linux. The operations of [Poller] have the values of [SelectionKey].
final class NioPoller implements Poller {
    /// The JDK's selector asks epoll for at most so many channels at a time.
    private static final int MOST_REPORTED = 512;
    private static final Consumer<SelectionKey> REPORT = NioPoller::report;

    private final Selector selector;
    private final Selector second;

    NioPoller() throws IOException {
        selector = Selector.open();
        second = Selector.open();
    }

    private record KeyRegistration(SelectionKey key) implements Registration {
        @Override
        public boolean watchFor(int operations) {
            try {
                key.interestOps(operations);
                return true;
            } catch (CancelledKeyException e) {
                return false;
            }
        }

        @Override
        public boolean isValid() {
            return key.isValid();
        }
    }

    private static void report(SelectionKey key) {
        Readiness readiness = (Readiness) key.attachment();
        int operations;
        try {
            operations = key.readyOps();
        } catch (CancelledKeyException e) {
            readiness.closed();
            return;
        }
        readiness.ready(operations);
    }

    @Override
    public Registration register(SelectableChannel channel, Readiness readiness) throws IOException {
        return new KeyRegistration(channel.register(selector, 0, readiness));
    }

    @Override
    public boolean poll(long millis) throws IOException {
        return selector.select(REPORT, millis) < MOST_REPORTED;
    }

    @Override
    public boolean pollNow() throws IOException {
        return selector.selectNow(REPORT) < MOST_REPORTED;
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    /// Checks with a second selector; five system calls.
    @Override
    public boolean isReady(Registration registration, int operation) throws IOException {
        SelectionKey key = ((KeyRegistration) registration).key().channel().register(second, operation);
        try {
            return second.selectNow() > 0;
        } finally {
            second.selectedKeys().clear();
            key.cancel();
            second.selectNow();
        }
    }
}

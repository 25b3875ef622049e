package io.selvage.server.net.helidon;

import io.selvage.server.net.AddressText;
import io.selvage.server.net.ListenSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The listening socket as Helidon's listener sees it: bound already, within the limit of connections, and with an `accept` that
/// fails only when the socket is closed. Helidon's loop would end for good at the first failure, and running out of descriptors
/// is one.
final class AcceptingChannel extends ServerSocketChannel {
    private static final long PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_RETURN_SECONDS = 5;

    private final ListenSocket socket;
    private final Places limit;
    private final Runnable whenClosed;
    private final String name;
    private final ReentrantLock inAccept = new ReentrantLock();        // held by the accepting thread while it waits
    private Optional<SocketChannel> accepted = Optional.empty();       // the accepting thread's, as the next

    /// The limit of connections.
    interface Places {
        /// Reserves a place for one connection; waits if there is none.
        ///
        /// @param wanted false to stop waiting
        /// @return false if the place is not wanted any more
        boolean acquire(BooleanSupplier wanted) throws InterruptedException;

        /// Reports that no descriptor is left for a new connection.
        ///
        /// @param problem one line
        void outOfDescriptors(String problem);
    }

    /// @param whenClosed runs once when Helidon closes this channel; the socket itself stays open
    AcceptingChannel(ListenSocket socket, Places limit, Runnable whenClosed) {
        super(socket.channel().provider());
        this.socket = socket;
        this.limit = limit;
        this.whenClosed = whenClosed;
        this.name = AddressText.withPort(socket.address());
    }

    /// Waits for a connection, and then for its place within the limit.
    ///
    /// @throws AsynchronousCloseException when the socket is closed, and for no other reason
    @Override
    public SocketChannel accept() throws AsynchronousCloseException {
        SocketChannel channel = acceptOne();
        if (!hasPlace()) {
            close(channel);
            throw new AsynchronousCloseException();
        }
        accepted = Optional.of(channel);
        return channel;
    }

    private SocketChannel acceptOne() throws AsynchronousCloseException {
        while (isOpen()) {
            inAccept.lock();
            try {
                return socket.accept();
            } catch (IOException e) {
                pause(e);
            } finally {
                inAccept.unlock();
            }
        }
        throw new AsynchronousCloseException();
    }

    /// A failure passes: descriptors become free when connections end.
    private void pause(IOException failure) {
        if (!isOpen()) {
            return;
        }
        limit.outOfDescriptors("no connection can be accepted on " + name + ", trying again: " + failure.getMessage());
        LockSupport.parkNanos(this, PAUSE_NANOS);
    }

    private boolean hasPlace() {
        try {
            return limit.acquire(this::isOpen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // The channel is closed even then.
        }
    }

    /// The channel that was accepted last; once. On the accepting thread.
    SocketChannel takeAccepted() {
        SocketChannel channel = accepted.orElseThrow(() -> new IllegalStateException("no connection was accepted"));
        accepted = Optional.empty();
        return channel;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return socket.address();
    }

    /// Nothing to do: it is bound.
    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) {
        return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        socket.channel().setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.channel().getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return socket.channel().supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return socket.channel().socket();
    }

    /// Returns when the accepting thread has left the kernel, which keeps a closed socket listening until then. So connections
    /// are drained only after new ones are refused.
    @Override
    protected void implCloseSelectableChannel() {
        whenClosed.run();
        try {
            if (inAccept.tryLock(LONGEST_RETURN_SECONDS, TimeUnit.SECONDS)) {
                inAccept.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        socket.channel().configureBlocking(block);
    }
}

package io.selvage.server.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// A connection on top of another one: what is read is its own, and everything else goes to the connection below, unless a
/// subclass does it itself.
public abstract class ForwardingConnection implements Connection {
    private final Connection below;

    protected ForwardingConnection(Connection below) {
        this.below = below;
    }

    /// The connection below.
    protected final Connection below() {
        return below;
    }

    @Override
    public ByteBuffer lend(int size) {
        return below.lend(size);
    }

    @Override
    public void giveBack(ByteBuffer lent) {
        below.giveBack(lent);
    }

    @Override
    public boolean readPatience(Duration patience) {
        return below.readPatience(patience);
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        below.write(from, patience);
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        below.writeNow(from);
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        below.write(from, patience);
    }

    @Override
    public long send(SendableFile file, long at, long count, Duration patience) throws IOException {
        return below.send(file, at, count, patience);
    }

    @Override
    public Watch watch(Runnable gone) {
        return below.watch(gone);
    }

    @Override
    public void lastWrite() {
        below.lastWrite();
    }

    @Override
    public void shutdownOutput() {
        below.shutdownOutput();
    }

    @Override
    public boolean isOpen() {
        return below.isOpen();
    }

    @Override
    public SocketAddress remote() {
        return below.remote();
    }

    @Override
    public SocketAddress local() {
        return below.local();
    }

    @Override
    public Optional<TcpInfo> tcpInfo() {
        return below.tcpInfo();
    }

    @Override
    public void noDelay(boolean on) {
        below.noDelay(on);
    }

    @Override
    public void resetTimedOutWrites(boolean on) {
        below.resetTimedOutWrites(on);
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public void abort() {
        below.abort();
    }
}

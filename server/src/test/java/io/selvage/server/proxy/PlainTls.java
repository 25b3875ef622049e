package io.selvage.server.proxy;

import io.selvage.server.net.Connection;
import io.selvage.server.net.SendableFile;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsInfo;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A connection that says that it is in TLS and is not.
record PlainTls(Connection plain, boolean isTruncated) implements TlsConnection {
    @Override
    public TlsInfo info() {
        throw new UnsupportedOperationException("no handshake");
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        return plain.read(into, patience);
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        return plain.readNow(into);
    }

    @Override
    public boolean readPatience(Duration patience) {
        return plain.readPatience(patience);
    }

    @Override
    public boolean mayHaveInput() {
        return plain.mayHaveInput();
    }

    @Override
    public void unread(ByteBuffer bytes) {
        plain.unread(bytes);
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        plain.write(from, patience);
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        plain.writeNow(from);
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        plain.write(from, patience);
    }

    @Override
    public long send(SendableFile file, long at, long count, Duration patience) throws IOException {
        return plain.send(file, at, count, patience);
    }

    @Override
    public Watch watch(Runnable gone) {
        return plain.watch(gone);
    }

    @Override
    public void shutdownOutput() {
        plain.shutdownOutput();
    }

    @Override
    public boolean isOpen() {
        return plain.isOpen();
    }

    @Override
    public SocketAddress remote() {
        return plain.remote();
    }

    @Override
    public SocketAddress local() {
        return plain.local();
    }

    @Override
    public void noDelay(boolean on) {
        plain.noDelay(on);
    }

    @Override
    public void resetTimedOutWrites(boolean on) {
        plain.resetTimedOutWrites(on);
    }

    @Override
    public void close() {
        plain.close();
    }

    @Override
    public void abort() {
        plain.abort();
    }
}

package io.selvage.server.proxy;

import io.selvage.server.net.Connection;
import io.selvage.server.net.ForwardingConnection;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A connection that says that it is in TLS and is not.
final class PlainTls extends ForwardingConnection implements TlsConnection {
    private final boolean truncated;

    PlainTls(Connection plain, boolean truncated) {
        super(plain);
        this.truncated = truncated;
    }

    @Override
    public TlsInfo info() {
        throw new UnsupportedOperationException("no handshake");
    }

    @Override
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        return below().read(into, patience);
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        return below().readNow(into);
    }

    @Override
    public void unread(ByteBuffer bytes) {
        below().unread(bytes);
    }
}

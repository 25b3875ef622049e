package io.selvage.server.http1;

import io.selvage.server.http.DuplexStream;
import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// All bytes of a connection, from where its last HTTP message ended.
public record ConnectionStream(Connection connection) implements DuplexStream {

    @Override
    public int read(ByteBuffer into, Duration timeout) throws IOException {
        return connection.read(into, timeout);
    }

    @Override
    public void write(ByteBuffer from, Duration timeout) throws IOException {
        connection.write(from, timeout);
    }

    @Override
    public void shutdownOutput() {
        connection.shutdownOutput();
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public void abort() {
        connection.abort();
    }
}

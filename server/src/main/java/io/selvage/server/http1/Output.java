package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The way to a client, counting what was sent in the current exchange. Belongs to the connection's thread.
final class Output {
    private final Connection connection;
    private long sent;

    Output(Connection connection) {
        this.connection = connection;
    }

    /// Counts from 0 again.
    void begin() {
        sent = 0;
    }

    /// Bytes handed to the kernel in this exchange.
    long sent() {
        return sent;
    }

    void write(Duration patience, ByteBuffer... from) throws IOException {
        long before = remaining(from);
        try {
            write(connection, patience, from);
        } finally {
            sent += before - remaining(from);
        }
    }

    /// Writes what the connection takes without waiting; the rest stays in the buffer.
    void writeNow(ByteBuffer from) throws IOException {
        int before = from.remaining();
        try {
            connection.writeNow(from);
        } finally {
            sent += before - from.remaining();
        }
    }

    long send(SendableFile file, long at, long count, Duration patience) throws IOException {
        long done = connection.send(file, at, count, patience);
        sent += done;
        return done;
    }

    /// Writes all of the buffers; a gathering write of one would cost more than a plain one.
    static void write(Connection connection, Duration patience, ByteBuffer... from) throws IOException {
        if (from.length == 1) {
            connection.write(from[0], patience);
        } else {
            connection.write(from, patience);
        }
    }

    static long remaining(ByteBuffer... buffers) {
        long count = 0;
        for (ByteBuffer buffer : buffers) {
            count += buffer.remaining();
        }
        return count;
    }
}

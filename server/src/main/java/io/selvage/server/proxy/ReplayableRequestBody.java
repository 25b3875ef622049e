package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A body that was received in full, in the place of the client's: the exchange may still go to an error page or a named
/// location that passes it to other peers.
final class ReplayableRequestBody implements RequestBody {
    private final BufferedRequestBody held;
    private long taken;

    ReplayableRequestBody(BufferedRequestBody held) {
        this.held = held;
    }

    BufferedRequestBody held() {
        return held;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        int count = held.read(into, taken);
        taken += Math.max(0, count);
        return count;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(held.length());
    }

    @Override
    public boolean hasMoreNow() {
        return true;
    }

    @Override
    public boolean isEmpty() {
        return held.length() == 0;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    /// Does nothing: the bound was kept when it was received.
    @Override
    public void limit(long bytes) {
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public Optional<String> received() {
        return switch (held) {
            case BufferedRequestBody.InMemory(var bytes, _) -> Optional.of(ISO_8859_1.decode(bytes.duplicate()).toString());
            case BufferedRequestBody.InFile _ -> Optional.empty();
        };
    }
}

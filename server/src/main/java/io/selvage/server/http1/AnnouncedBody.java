package io.selvage.server.http1;

import io.selvage.server.http.RequestBody;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// The body of a request that is only explained: what its head announces, without a byte of it.
record AnnouncedBody(Framing framing) implements RequestBody {

    @Override
    public int read(ByteBuffer into) {
        return -1;
    }

    @Override
    public OptionalLong length() {
        return switch (framing) {
            case Framing.Length(long bytes) -> OptionalLong.of(bytes);
            case Framing.Chunked() -> OptionalLong.empty();
            case Framing.None _, Framing.UntilClose _, Framing.Refused _ -> OptionalLong.of(0);
        };
    }

    @Override
    public boolean isEmpty() {
        return length().orElse(1) == 0;
    }

    @Override
    public boolean isChunked() {
        return framing instanceof Framing.Chunked;
    }

    /// Does nothing: nothing is read.
    @Override
    public void limit(long bytes) {
    }

    @Override
    public long taken() {
        return 0;
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a peer's answer, taken from the peer as fast as it comes: a slow client does not hold it (`proxy_buffering`).
///
/// What comes at once goes through directly. A [Pump] takes the rest, from the moment when the reader is about to write and there
/// is more to come.
final class BufferedBody implements BodySource {
    private final Passage passage;
    private final PeerCall call;
    private final PeerBody direct;
    private boolean complete;                              // read directly to its end; the peer's part is over
    private @Nullable Pump pump;                           // once it has begun; the peer is its own from then on

    BufferedBody(Passage passage, PeerCall call) {
        this.passage = passage;
        this.call = call;
        this.direct = new PeerBody(passage, call);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        if (pump != null) {
            return pump.read(into);
        }
        if (complete) {
            return -1;
        }
        int count = direct.read(into);
        if (count < 0 || call.isComplete()) {
            complete = true;
            call.ended();
        } else if (!into.hasRemaining() || !direct.hasMoreNow()) {
            pump = Pump.start(passage, call);
        }
        return count;
    }

    @Override
    public OptionalLong length() {
        return direct.length();
    }

    @Override
    public boolean hasMoreNow() {
        return pump != null ? pump.hasMoreNow() : complete || direct.hasMoreNow();
    }

    @Override
    public void close() {
        if (pump != null) {
            pump.leave();
        } else {
            direct.close();
        }
    }
}

package io.selvage.server.http2;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MinRate;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.RateFloor;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a request, as it comes in the DATA frames of its stream. Used by the thread of the stream.
final class StreamBody implements RequestBody {
    private final Http2Stream stream;
    private final StreamInput input;
    private final Http2Client client;
    private final Clock clock;
    private final ClientOptions options;       // the listener's, until there is an exchange
    private final long length;                 // -1 for an unknown one
    private @Nullable Exchange exchange;       // whose body it is, from soon after the start
    private boolean requested;                 // whether the client was sent a 100 (Continue), or expects none
    private boolean ended;
    private @Nullable RateFloor floor;         // once bytes were waited for
    private long limit;
    private long taken;

    /// @param length the value of Content-Length; -1 where the end of the stream ends the body, 0 where there is none
    /// @param expectsContinue whether the client waits for a 100 (RFC 9110 §10.1.1)
    StreamBody(Http2Stream stream, StreamInput input, Http2Client client, Clock clock, ClientOptions options, long length,
            boolean expectsContinue) {
        this.stream = stream;
        this.input = input;
        this.client = client;
        this.clock = clock;
        this.options = options;
        this.length = length;
        this.requested = !expectsContinue;
        this.ended = length == 0;
    }

    /// Uses the options of an exchange, which may change while it is handled.
    void belongsTo(Exchange owner) {
        exchange = owner;
    }

    private ClientOptions.Receiving receiving() {
        return (exchange == null ? options : exchange.routing().options()).receiving();
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        check(Math.max(0, length));
        if (!into.hasRemaining()) {
            return 0;
        }
        if (!requested) {
            requested = true;
            if (!hasMoreNow()) {
                client.send100Continue();
            }
        }
        return ended ? -1 : taken(into);
    }

    private int taken(ByteBuffer into) throws Failure {
        long began = clock.nanos();
        int count = input.read(into, receiving().timeout());
        if (count == 0) {
            return noBytes();
        }
        taken += count;
        check(taken);
        checkRate(clock.nanos() - began, count);
        return count;
    }

    private int noBytes() throws Failure {
        return switch (input.end()) {
            case ENDED -> {
                ended = true;
                yield -1;
            }
            case TIMED_OUT -> throw Failure.downstream(Failure.What.TIMED_OUT, "the client sent nothing of its body in "
                    + receiving().timeout().toMillis() + " ms");
            case MALFORMED -> throw Failure.downstream(Failure.What.MALFORMED, "the client sent another body than it announced");
            case RESET, NONE -> throw Failure.downstream(Failure.What.CLOSED, "the stream of the body was reset");
        };
    }

    private void check(long bytes) throws Failure {
        if (limit > 0 && bytes > limit) {
            throw Failure.downstream(Failure.What.TOO_LARGE, "a body of more than " + limit + " bytes");
        }
    }

    private void checkRate(long waited, int count) throws Failure {
        MinRate least = receiving().minRate();
        RateFloor judge = floor == null ? new RateFloor(true) : floor;
        floor = judge;
        if (judge.isBelow(least, waited, count)) {
            throw Failure.downstream(Failure.What.TIMED_OUT,
                    "the client sends its body at less than " + least.bytesPerSecond() + " bytes a second");
        }
    }

    @Override
    public OptionalLong length() {
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    @Override
    public boolean hasMoreNow() {
        return ended || input.hasMoreNow();
    }

    @Override
    public Headers trailers() {
        return ended ? input.trailers() : Headers.EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return length == 0;
    }

    /// A body without a length needs chunks where it is passed on by HTTP/1.
    @Override
    public boolean isChunked() {
        return length < 0;
    }

    @Override
    public void limit(long bytes) {
        limit = bytes;
    }

    @Override
    public long taken() {
        return taken;
    }
}

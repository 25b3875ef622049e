package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MinRate;
import io.selvage.server.http.RequestBody;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a client's request.
final class BodyInput implements RequestBody {

    /// Asks a client that waits for it to send its body.
    interface Continue {
        void send() throws Failure;
    }

    private final FramedBody body;
    private final Input input;
    private final Continue continuation;
    private final Clock clock;
    private final ClientOptions options;       // the listener's, until there is an exchange
    private @Nullable Exchange exchange;       // whose body it is, from soon after the start
    private boolean requested;                 // whether the client was sent a 100 (Continue), or expects none
    private @Nullable RateFloor floor;         // once bytes were waited for
    private boolean failed;
    private long limit;

    /// @param fields the rules for the fields behind a chunked body
    /// @param expectsContinue whether the client waits for a 100 (RFC 9110 §10.1.1)
    BodyInput(Input input, Framing framing, ClientOptions options, FieldRules fields, boolean expectsContinue,
            Continue continuation, Clock clock) {
        this.body = new FramedBody(input, framing, Failure.Where.DOWNSTREAM, fields, new Waits(), () -> true);
        this.input = input;
        this.options = options;
        this.continuation = continuation;
        this.clock = clock;
        this.requested = !expectsContinue;
    }

    /// Uses the options of an exchange, which may change while it is handled.
    void belongsTo(Exchange owner) {
        exchange = owner;
    }

    private ClientOptions.Receiving receiving() {
        return (exchange == null ? options : exchange.routing().options()).receiving();
    }

    /// Waits for the client no longer than the options say, and ends the body of one that sends too slowly.
    private final class Waits implements FramedBody.Waiting {
        @Override
        public Duration patience() {
            return receiving().timeout();
        }

        @Override
        public long began() {
            return clock.nanos();
        }

        @Override
        public void ended(long began, int count) throws Failure {
            MinRate least = receiving().minRate();
            RateFloor judge = floor == null ? new RateFloor(true) : floor;
            floor = judge;
            if (count >= 0 && judge.isBelow(least, clock.nanos() - began, count)) {
                throw Failure.downstream(Failure.What.TIMED_OUT,
                        "the client sends its body at less than " + least.bytesPerSecond() + " bytes a second");
            }
        }
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        try {
            check(body.length().orElse(0));
            if (!requested) {
                requested = true;
                if (input.isEmpty()) {
                    continuation.send();
                }
            }
            int count = body.read(into);
            check(body.taken());
            return count;
        } catch (Failure failure) {
            failed = true;
            throw failure;
        }
    }

    private void check(long bytes) throws Failure {
        if (limit > 0 && bytes > limit) {
            throw Failure.downstream(Failure.What.TOO_LARGE, "a body of more than " + limit + " bytes");
        }
    }

    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public boolean hasMoreNow() {
        return body.hasMoreNow();
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public boolean isEmpty() {
        return !isChunked() && body.length().orElse(0) == 0;
    }

    @Override
    public boolean isChunked() {
        return body.isChunked();
    }

    @Override
    public void limit(long bytes) {
        limit = bytes;
    }

    @Override
    public long taken() {
        return body.taken();
    }

    @Override
    public long received() {
        return body.received();
    }

    /// Whether the next request begins behind it.
    boolean ended() {
        return !failed && body.ended();
    }

    /// Whether what is left of it will come, and is worth reading to get to the next request.
    boolean isDiscardable(long most) {
        boolean coming = requested || !input.isEmpty();
        return !failed && (body.ended() || coming && body.length().orElse(0) - body.taken() <= most);
    }

    /// Reads what is left and forgets it.
    ///
    /// @param most the most bytes
    /// @param until [Clock#nanos()] after which it goes no further
    /// @return whether it has ended within these bounds
    boolean discard(long most, Clock clock, long until) {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long bound = body.taken() + most;
            while (!ended() && body.taken() <= bound && clock.nanos() - until < 0) {
                if (body.read(buffer.clear()) < 0) {
                    break;
                }
            }
            return ended();
        } catch (Failure _) {
            return false;
        } finally {
            BodyBufferPool.give(buffer);
        }
    }
}

package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads the heads of a client's requests. The time for each head is limited.
final class HeadReader {

    /// The result of reading a head.
    sealed interface Next {

        /// A valid head.
        record Head(RequestHead head) implements Next {
        }

        /// An unacceptable head.
        ///
        /// @param soFar the parts of it that could be read
        record Refused(RequestHead soFar, Refusal why) implements Next {
        }

        /// No request: at most an empty line, then the end of the connection or a timeout; or the connection was closed to make
        /// room for others.
        record Gone() implements Next {
        }
    }

    private final Input input;
    private final ConnectionPhase phase;
    private final Clock clock;
    private final HeadParser parser = new HeadParser(ClientOptions.DEFAULT);
    private ClientOptions lastOptions = ClientOptions.DEFAULT;
    private FieldRules fieldRules = FieldRules.ofClient(lastOptions);  // for lastOptions

    /// @param phase of the connection; it shows while a head is incomplete
    HeadReader(Input input, ConnectionPhase phase, Clock clock) {
        this.input = input;
        this.phase = phase;
        this.clock = clock;
    }

    /// The rules for fields under these options. They are created again only when the options are another object than in the last
    /// call: to compare their values would cost more.
    FieldRules fieldRules(ClientOptions options) {
        if (options != lastOptions) {
            fieldRules = FieldRules.ofClient(options);
            lastOptions = options;
        }
        return fieldRules;
    }

    /// Reads the head whose first bytes were received.
    ///
    /// @param hosts options for what follows the host
    Next read(ClientOptions options, HostOptions hosts) throws IOException {
        parser.begin(options, fieldRules(options), hosts);
        Next next = parse();
        return next == null ? readRest(options) : next;
    }

    /// Parses the unused bytes.
    ///
    /// @return null if the head needs more
    private @Nullable Next parse() {
        return switch (parser.parse(input.window(), input.from(), input.to())) {
            case Parsed.Head(RequestHead head, int used) -> {
                input.skip(used);
                yield new Next.Head(head);
            }
            case Parsed.NeedMore(int used) -> {
                input.skip(used);
                yield null;
            }
            case Parsed.Refused(Refusal why) -> new Next.Refused(parser.soFar(), why);
        };
    }

    private Next readRest(ClientOptions options) throws IOException {
        long now = clock.nanos();
        long deadline = now + phase.shortened(options.head().timeout()).toNanos();
        phase.readsHead(now);
        Next next = null;
        while (next == null) {
            try {
                long left = deadline - clock.nanos();
                if (left <= 0) {
                    throw new TimedOut("a head that takes too long");
                }
                next = input.fill(options.head().bufferSize(), parser.longestLine(), Duration.ofNanos(left)) < 0
                        ? incomplete(Status.BAD_REQUEST, "the client closed in the middle of a head")
                        : parse();
            } catch (TimedOut _) {
                next = incomplete(Status.REQUEST_TIMEOUT, "the client did not complete its head in time");
            }
        }
        return phase.busy() ? next : new Next.Gone();
    }

    private Next incomplete(Status status, String reason) {
        RequestHead soFar = parser.soFar();
        // An empty line alone is no request (RFC 9112 §2.2).
        return soFar.requestLine().isEmpty() && input.isEmpty()
                ? new Next.Gone() : new Next.Refused(soFar, new Refusal(status, reason));
    }
}

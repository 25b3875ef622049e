package io.selvage.server.route;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Router;
import io.selvage.server.http.Sent;
import io.selvage.server.http.SourceFilter;
import io.selvage.server.http.Status;
import io.selvage.server.http.SubrequestKind;
import io.selvage.server.http.UncheckedFailure;
import io.selvage.server.http.UpgradeHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The answer to a request for another URI of the same site, which a filter or a handler makes within a request.
///
/// Such a subrequest has an exchange of its own, which shares the client, the fields and the variables of the one it belongs to.
/// It goes through the rewrites of the server, a location and its filters, but not through the checks of access, which the
/// request has passed. Its body is read as it comes. If the client goes, the subrequest fails and with it the request.
///
/// Used by the thread of the exchange it belongs to.
public final class Subrequest implements AutoCloseable {
    private static final ResponseHead NO_ANSWER = new ResponseHead(Status.INTERNAL_SERVER_ERROR, Headers.EMPTY);
    private static final int MOST_SKIPPED = 8192;

    private final Exchange exchange;
    private final ResponseHead head;
    private final Counted body;

    private Subrequest(Exchange exchange, Reply reply) {
        this.exchange = exchange;
        this.head = reply.head();
        this.body = new Counted(BodyReader.of(reply.body()));
    }

    /// Asks for a URI with GET and waits for the head of the answer.
    ///
    /// @throws Failure if the client has gone, or there are more subrequests than are allowed. Any other failure is an answer
    public static Subrequest open(Exchange parent, InternalUri uri) throws Failure {
        return open(parent.subrequest(SubrequestKind.USUAL, Method.GET, uri, RequestBody.none()));
    }

    /// As [#open(Exchange, InternalUri)], but what would be an error page has no body.
    public static Subrequest withoutPages(Exchange parent, InternalUri uri) throws Failure {
        return open(parent.subrequest(SubrequestKind.WITHOUT_PAGES, Method.GET, uri, RequestBody.none()));
    }

    /// Runs a subrequest on the calling thread, which is not that of its parent, and ignores the answer (`mirror`).
    static void discard(Exchange child) {
        try (Subrequest subrequest = open(child)) {
            subrequest.skipBody();
        } catch (Failure _) {
            // The log of its location has it.
        } finally {
            child.awaitBarriers();
        }
    }

    private static Subrequest open(Exchange child) throws Failure {
        boolean answered = false;
        try {
            Subrequest subrequest = new Subrequest(child, reply(answer(child.router())));
            answered = true;
            return subrequest;
        } finally {
            if (!answered) {
                end(child, new Sent(NO_ANSWER, 0, 0, false));
            }
        }
    }

    private static FinalAnswer answer(Router router) throws Failure {
        Failure failure = null;
        for (int failures = 0; failures <= ExchangeRunner.MOST_FAILURES; failures++) {
            try {
                return attempt(router, failure);
            } catch (Failure f) {
                failure = f;
            } catch (UncheckedFailure f) {
                failure = f.failure();
            } catch (RuntimeException | StackOverflowError bug) {
                failure = Failure.bug(bug);
            }
            if (failure.where() == Failure.Where.DOWNSTREAM) {
                throw failure;
            }
        }
        return new Reply(NO_ANSWER, Body.NONE);
    }

    private static FinalAnswer attempt(Router router, @Nullable Failure before) throws Failure {
        return before == null ? router.route() : router.routeFailure(before);
    }

    private static Reply reply(FinalAnswer answer) throws Failure {
        return switch (answer) {
            case Reply reply -> reply;
            case Answer.Upgraded(ResponseHead head, UpgradeHandler tunnel) -> {
                tunnel.close();
                yield new Reply(head, Body.NONE);
            }
            case Answer.CloseSilently silence when silence.isOrdered() ->
                new Reply(new ResponseHead(silence.logged(), Headers.EMPTY), Body.NONE);
            case Answer.CloseSilently _ -> throw Failure.downstream(Failure.What.CLOSED, "client closed connection");
        };
    }

    /// Its own exchange: what its location, its peer and its answer are.
    public Exchange exchange() {
        return exchange;
    }

    /// The head of the answer, error pages and response filters included.
    public ResponseHead head() {
        return head;
    }

    public Status status() {
        return head.status();
    }

    /// The body of the answer.
    public BodySource body() {
        return body;
    }

    /// Reads a short body and forgets it, so that the connection of its peer can be used again.
    ///
    /// @throws Failure if it is cut short
    void skipBody() throws Failure {
        long length = body.length().orElse(Long.MAX_VALUE);
        if (length > 0 && length <= MOST_SKIPPED) {
            ByteBuffer buffer = ByteBuffer.allocate((int) length + 1);
            while (body.read(buffer.clear()) >= 0) {
                Thread.yield();
            }
        }
    }

    /// Gives up what is left of the body, and ends the exchange.
    @Override
    public void close() {
        if (!body.closed) {
            body.close();
            end(exchange, new Sent(head, body.bytes, body.bytes, body.ended));
        }
    }

    /// Ends the exchange of a subrequest, and logs it where its location logs subrequests.
    static void end(Exchange child, Sent sent) {
        child.finish(sent);
        child.router().log();
    }

    /// Counts what is read.
    private static final class Counted extends SourceFilter {
        private long bytes;
        private boolean ended;
        private boolean closed;

        Counted(BodySource source) {
            super(source);
        }

        @Override
        public int read(ByteBuffer into) throws Failure {
            return counted(source.read(into));
        }

        @Override
        public int readNow(ByteBuffer into) throws Failure {
            return counted(source.readNow(into));
        }

        private int counted(int count) {
            bytes += Math.max(0, count);
            ended |= count < 0;
            return count;
        }

        @Override
        public void close() {
            closed = true;
            source.close();
        }
    }
}

package io.selvage.server.http;

import org.jspecify.annotations.Nullable;

/// Runs one exchange from its head to its end: finds the answer, sends it, finishes the exchange.
///
/// This is the only place where a [Failure] or a bug becomes an answer, whatever protocol the client speaks.
public final class ExchangeRunner {
    private static final System.Logger LOG = System.getLogger(ExchangeRunner.class.getName());
    /// The handler, its error page, and the built-in page in place of that may fail, each once.
    public static final int MOST_FAILURES = 3;
    private static final Sent NOTHING_SENT =
            new Sent(new ResponseHead(Status.INTERNAL_SERVER_ERROR, Headers.EMPTY), 0, 0, false);

    /// Sends the answer of one exchange.
    @FunctionalInterface
    public interface Sender {

        /// @return what the client got
        /// @throws Failure only while nothing was sent, so that another answer can be sent in place of this one
        Sent send(Exchange exchange, FinalAnswer answer) throws Failure;
    }

    private ExchangeRunner() {
    }

    /// Runs it on the calling thread. Throws nothing.
    public static void run(Exchange exchange, Router.Factory routers, Sender sender) {
        Router router = routers.of(exchange);
        exchange.router(router);
        Sent sent = NOTHING_SENT;
        try {
            sent = answer(exchange, router, sender);
        } finally {
            finish(exchange, router, sent);
        }
    }

    /// Finds an answer and sends it. An answer of which nothing could be sent is a failure like any other.
    private static Sent answer(Exchange exchange, Router router, Sender sender) {
        Failure failure = null;
        for (int failures = 0; failures <= MOST_FAILURES; failures++) {
            try {
                return send(exchange, attempt(router, failure), sender);
            } catch (Failure f) {
                failure = f;
            } catch (UncheckedFailure f) {
                failure = f.failure();
            } catch (RuntimeException | StackOverflowError bug) {
                failure = Failure.bug(bug);
            } catch (Error e) {
                LOG.log(System.Logger.Level.ERROR, "an exchange could not be handled", e);
                break;
            }
            if (failure.where() == Failure.Where.DOWNSTREAM || failure.what() == Failure.What.BUG) {
                exchange.outcome().closeAfter();
            }
        }
        return sendLastResort(exchange, sender);
    }

    private static FinalAnswer attempt(Router router, @Nullable Failure before) throws Failure {
        return before == null ? router.route() : router.routeFailure(before);
    }

    /// @throws Failure while nothing was sent
    private static Sent send(Exchange exchange, FinalAnswer answer, Sender sender) throws Failure {
        exchange.awaitBarriers();
        try {
            return sender.send(exchange, answer);
        } catch (RuntimeException | Error e) {                 // a part may have been sent, so nothing else may be
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent", e);
            return NOTHING_SENT;
        }
    }

    private static Sent sendLastResort(Exchange exchange, Sender sender) {
        exchange.outcome().closeAfter();
        try {
            return send(exchange, new Answer.StatusOnly(Status.INTERNAL_SERVER_ERROR).asPlainText(), sender);
        } catch (Failure failure) {
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent", failure);
            return NOTHING_SENT;
        }
    }

    private static void finish(Exchange exchange, Router router, Sent sent) {
        exchange.awaitBarriers();
        try {
            exchange.finish(sent);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an exchange could not be finished", e);
        }
        try {
            router.log();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an exchange could not be logged", e);
        }
    }
}

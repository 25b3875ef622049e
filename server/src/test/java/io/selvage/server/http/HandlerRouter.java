package io.selvage.server.http;

/// Routes every request to one handler, whose answers are sent as they are; a status becomes plain text.
public record HandlerRouter(Handler handler, Exchange exchange) implements Router {

    public static Router.Factory of(Handler handler) {
        return exchange -> new HandlerRouter(handler, exchange);
    }

    @Override
    public FinalAnswer route() throws Failure {
        return switch (handler.handle(exchange)) {
            case FinalAnswer answer -> answer;
            case Answer.StatusOnly status -> status.asPlainText();
            case Answer.InternalRedirect _, Answer.NamedLocation _ ->
                    throw new IllegalStateException("there is no other location");
        };
    }

    @Override
    public FinalAnswer routeFailure(Failure failure) {
        return new Answer.StatusOnly(failure.status()).asPlainText();
    }

    @Override
    public Router subrequest(Exchange child) {
        return new HandlerRouter(handler, child);
    }

    @Override
    public void log() {
    }
}

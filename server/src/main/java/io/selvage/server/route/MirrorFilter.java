package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.SubrequestKind;
import io.selvage.server.proxy.ReplayableRequestBody;
import io.selvage.server.proxy.TempFolder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Sends copies of a request to other URIs of the site and ignores the answers (`mirror`).
///
/// Each copy runs on a thread of its own, so the client gets its answer without waiting for them. The exchange ends after its
/// copies: the next request of an HTTP/1 connection waits for them.
///
/// @param paths of the subrequests; they get the query of the request
/// @param body how the body is received first, so that each copy has it (`mirror_request_body`); empty to copy only a
///         body that was received already
/// @param fork starts a thread
public record MirrorFilter(List<String> paths, Optional<Receiving> body, Consumer<Runnable> fork) implements RequestFilter {

    /// How the body of a request is received.
    ///
    /// @param inMemory the most bytes kept in memory (`client_body_buffer_size`)
    /// @param folder where longer bodies are stored (`client_body_temp_path`)
    public record Receiving(int inMemory, TempFolder folder) {
    }

    public MirrorFilter {
        paths = List.copyOf(paths);
    }

    @Override
    public FilterResult filter(Exchange exchange) throws Failure {
        if (exchange.isSubrequest()) {
            return FilterResult.CONTINUE;
        }
        Optional<ReplayableRequestBody> received = receive(exchange);
        for (String path : paths) {
            InternalUri uri = new InternalUri(path, exchange.routing().query());
            RequestBody copy = received.map(ReplayableRequestBody::lent).orElseGet(RequestBody::none);
            start(exchange, exchange.subrequest(SubrequestKind.BACKGROUND, exchange.routing().method(), uri, copy));
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        paths.forEach(path -> into.add("mirror", path, "gets a copy of the request; the answer is ignored"));
        return FilterResult.CONTINUE;
    }

    /// The body of the request, if there is one and it was not passed to a peer as it came.
    private Optional<ReplayableRequestBody> receive(Exchange exchange) throws Failure {
        RequestBody known = exchange.body();
        if (known instanceof ReplayableRequestBody replayable) {
            return Optional.of(replayable);
        }
        if (body.isEmpty() || known.isEmpty() || known.taken() > 0) {
            return Optional.empty();
        }
        ReplayableRequestBody received =
                ReplayableRequestBody.receive(exchange, body.get().inMemory(), body.get().folder());
        exchange.whenDone(_ -> received.close());
        return Optional.of(received);
    }

    private void start(Exchange exchange, Exchange copy) {
        CountDownLatch ended = new CountDownLatch(1);
        exchange.accompany(() -> await(ended));
        fork.accept(() -> {
            try {
                Subrequest.discard(copy);
            } finally {
                ended.countDown();
            }
        });
    }

    private static void await(CountDownLatch ended) {
        boolean interrupted = false;
        while (true) {
            try {
                ended.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

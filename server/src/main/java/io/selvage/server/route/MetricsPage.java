package io.selvage.server.route;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.metrics.Metrics;
import java.nio.ByteBuffer;

/// Answers with the metrics of the process (`prometheus`).
public record MetricsPage(Metrics metrics) implements Handler {
    @Override
    public Answer handle(Exchange exchange) {
        if (!StubStatus.isRead(exchange)) {
            return StubStatus.NOT_ALLOWED;
        }
        Metrics.Page page = BlockingExecutor.compute(() -> metrics.page(exchange.headers().first("Accept")));
        Headers fields = Headers.builder().add("Content-Type", page.contentType()).add("Vary", "Accept")
                .add("Cache-Control", "no-store").build();
        return new Answer.Reply(new ResponseHead(Status.OK, fields), new Body.Bytes(ByteBuffer.wrap(page.text())));
    }
}

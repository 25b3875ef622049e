package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Answers with a picture of one transparent pixel (`empty_gif`).
public final class EmptyGif implements Handler {
    private static final Answer NOT_ALLOWED = new Answer.StatusOnly(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", "GET, HEAD"));
    /// Header and palette of two colours, the transparent one, and the pixel.
    private static final byte[] PICTURE = HexFormat.of().parseHex("47494638396101000100800100000000ffffff"
            + "21f90401000001002c0000000001000100000202" + "4c01003b");
    private static final Headers FIELDS =
            Headers.of("Content-Type", "image/gif", "Last-Modified", "Mon, 28 Sep 1970 06:00:00 GMT").reusable();

    @Override
    public Answer explain(Exchange exchange, Explanation into) {
        into.add("content", "empty_gif", "").with("handler", "empty_gif");
        return handle(exchange);
    }

    @Override
    public Answer handle(Exchange exchange) {
        return StubStatus.isRead(exchange)
                ? new Answer.Reply(new ResponseHead(Status.OK, FIELDS), new Body.Bytes(ByteBuffer.wrap(PICTURE))) : NOT_ALLOWED;
    }
}

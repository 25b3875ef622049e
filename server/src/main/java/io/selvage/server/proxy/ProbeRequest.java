package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The request of a probe, without what its location adds.
///
/// @param method in capital letters
/// @param uri the target
/// @param fields besides `Host` and `User-Agent`
/// @param body sent with its length; without bytes for none. It is not changed
public record ProbeRequest(String method, String uri, Headers fields, ByteBuffer body) {
    private static final int VARINT_BITS = 7;
    private static final int MORE = 0x80;
    private static final int BYTES = 2;                    // the wire type of a string
    private static final int WIRE_BITS = 3;

    /// A request for a document.
    public static ProbeRequest get(String uri) {
        return new ProbeRequest("GET", uri, Headers.EMPTY, ByteBuffer.allocate(0));
    }

    /// A call of `grpc.health.v1.Health/Check`: one message, which is not compressed. Its only field is the name.
    ///
    /// @param service whose health is asked for; empty for that of the whole peer
    public static ProbeRequest grpc(String service) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] name = service.getBytes(UTF_8);
        if (name.length > 0) {
            message.write(1 << WIRE_BITS | BYTES);
            int rest = name.length;
            while (rest >= MORE) {
                message.write(rest & MORE - 1 | MORE);
                rest >>>= VARINT_BITS;
            }
            message.write(rest);
            message.writeBytes(name);
        }
        ByteBuffer body = ByteBuffer.allocate(GrpcHealth.PREFIX + message.size());
        body.put((byte) 0).putInt(message.size()).put(message.toByteArray());
        return new ProbeRequest("POST", "/grpc.health.v1.Health/Check",
                Headers.of("Content-Type", "application/grpc", "TE", "trailers"), body.flip().asReadOnlyBuffer());
    }

    /// What is sent behind the head.
    BufferedRequestBody buffered() {
        return body.hasRemaining() ? new BufferedRequestBody.InMemory(body) : BufferedRequestBody.NONE;
    }
}

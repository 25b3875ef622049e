package io.selvage.server.http;

import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// Formats an answer as text: the status, the fields, an empty line and the body. Closes the body.
public final class InWords {
    private InWords() {
    }

    public static String of(Answer answer) {
        return switch (answer) {
            case Answer.Reply(var head, var body) -> reply(head, body);
            case Answer.StatusOnly(var status, var headers) -> "bare " + status + "\n" + headers;
            case Answer.InternalRedirect(var path, var query) -> "elsewhere " + path + (query.isEmpty() ? "" : "?" + query);
            case Answer.NamedLocation(var name) -> "named " + name;
            case Answer.Upgraded _, Answer.CloseSilently _ -> answer.toString();
        };
    }

    /// The bytes of a body, one char each.
    public static String of(Body body) {
        return switch (body) {
            case Body.None() -> "";
            case Body.Bytes(var bytes, _) -> StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
            case Body.FilePart(var file, long at, long count, _, _, _) -> read(file, at, count);
            case Body.Parts(var parts) -> parts.stream().map(InWords::of).collect(Collectors.joining());
            case Body.Stream _ -> throw new IllegalArgumentException("a stream");
        };
    }

    private static String reply(ResponseHead head, Body body) {
        String text = head.status() + "\n" + head.headers() + "\n" + of(body);
        body.close();
        return text;
    }

    private static String read(SendableFile file, long at, long count) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate((int) count);
            while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
            }
            return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

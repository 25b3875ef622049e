package io.selvage.server.transform;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// A body that comes in pieces, and what a reader gets of a body.
final class Pieces {
    private Pieces() {
    }

    /// A body of unknown length that gives one piece for each read. Between two of them a reader would wait.
    static Body of(List<String> pieces) {
        return new Body.Stream(new BodySource() {
            private int next;

            @Override
            public int read(ByteBuffer into) {
                if (next == pieces.size()) {
                    return -1;
                }
                byte[] bytes = pieces.get(next++).getBytes(StandardCharsets.ISO_8859_1);
                into.put(bytes);
                return bytes.length;
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.empty();
            }
        });
    }

    /// All of a body, read with a buffer of `size` bytes.
    static String text(Body body, int size) throws Failure {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(size);
        try (BodySource source = BodyReader.of(body)) {
            while (source.read(buffer.clear()) >= 0) {
                text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
        }
        return text.toString();
    }

    static String text(Body body) throws Failure {
        return text(body, 8192);
    }
}

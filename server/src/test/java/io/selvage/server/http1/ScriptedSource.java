package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;


/// A source that returns these texts; an empty text is a wait.
final class ScriptedSource implements BodySource {
    private final Deque<String> texts = new ArrayDeque<>();
    private OptionalLong length = OptionalLong.empty();
    private Headers trailers = Headers.EMPTY;
    private boolean fails;
    private int closed;
    private int readAheads;

    ScriptedSource(String... texts) {
        this.texts.addAll(List.of(texts));
    }

    ScriptedSource ofLength(long bytes) {
        length = OptionalLong.of(bytes);
        return this;
    }

    ScriptedSource withTrailers(Headers fields) {
        trailers = fields;
        return this;
    }

    ScriptedSource thenFails() {
        fails = true;
        return this;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        while (!texts.isEmpty() && texts.peek().isEmpty()) {
            texts.poll();
        }
        if (texts.isEmpty()) {
            if (fails) {
                throw Failure.upstream(Failure.What.CLOSED, false, "cut short");
            }
            return -1;
        }
        String text = texts.poll();
        int count = Math.min(text.length(), into.remaining());
        into.put(Feeding.bytes(text.substring(0, count)));
        if (count < text.length()) {
            texts.addFirst(text.substring(count));
        }
        return count;
    }

    @Override
    public OptionalLong length() {
        return length;
    }

    @Override
    public boolean hasMoreNow() {
        return texts.isEmpty() || !texts.peek().isEmpty();
    }

    @Override
    public void readAhead() {
        readAheads++;
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {
        closed++;
    }

    int closed() {
        return closed;
    }

    int readAheads() {
        return readAheads;
    }
}

package io.selvage.server.proxy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The application's end of a FastCGI connection: records as they are on the wire.
public final class FastCgiWire {
    private static final int MOST = 65_535;
    private static final int BEGIN = 1;
    private static final int END = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    private final Origin.Wire wire;
    private StringBuilder body = new StringBuilder();      // content of records that was not read yet
    private boolean bodyEnded;

    public FastCgiWire(Origin.Wire wire) {
        this.wire = wire;
    }

    /// A record that was received.
    private record Received(int type, String content) {
    }

    /// Reads the begin of a request and its variables. The first one, `""`, says whether the connection is to be kept.
    public Map<String, String> readParams() throws IOException {
        Received begin = next();
        if (begin.type != BEGIN || begin.content.charAt(1) != 1) {
            throw new IllegalStateException("no begin of a request to a responder: " + begin);
        }
        Map<String, String> params = new LinkedHashMap<>();
        params.put("", begin.content.charAt(2) == 1 ? "keep" : "close");
        StringBuilder all = new StringBuilder();
        for (Received record = next(); !record.content.isEmpty(); record = next()) {
            if (record.type != PARAMS) {
                throw new IllegalStateException("no variables: " + record);
            }
            all.append(record.content);
        }
        bodyEnded = false;
        decode(all, params);
        return params;
    }

    private static void decode(CharSequence all, Map<String, String> params) {
        int[] at = {0};
        while (at[0] < all.length()) {
            int name = length(all, at);
            int value = length(all, at);
            String key = all.subSequence(at[0], at[0] + name).toString();
            at[0] += name + value;
            params.put(key, all.subSequence(at[0] - value, at[0]).toString());
        }
    }

    private static int length(CharSequence all, int[] at) {
        int first = all.charAt(at[0]++);
        if (first < 128) {
            return first;
        }
        int length = first & 0x7f;
        for (int i = 0; i < 3; i++) {
            length = length << 8 | all.charAt(at[0]++);
        }
        return length;
    }

    /// Reads a part of the body.
    public String readBody(int count) throws IOException {
        while (body.length() < count && !bodyEnded) {
            Received record = next();
            bodyEnded = record.content.isEmpty();
            body.append(stdin(record));
        }
        String part = body.substring(0, Math.min(count, body.length()));
        body = body.delete(0, part.length());
        return part;
    }

    /// Reads the body to the end of its stream.
    public String readBody() throws IOException {
        return readBody(Integer.MAX_VALUE);
    }

    private static String stdin(Received record) {
        if (record.type != STDIN) {
            throw new IllegalStateException("no body: " + record);
        }
        return record.content;
    }

    private Received next() throws IOException {
        String head = wire.readBytes(8);
        String content = wire.readBytes(head.charAt(4) << 8 | head.charAt(5));
        wire.readBytes(head.charAt(6));
        return new Received(head.charAt(1), content);
    }

    /// A record without padding.
    static String record(int type, String content) {
        return record(type, content, 0);
    }

    static String record(int type, String content, int padding) {
        return "\u0001" + (char) type + "\0\u0001" + (char) (content.length() >> 8) + (char) (content.length() & 0xff)
                + (char) padding + "\0" + content + "p".repeat(padding);
    }

    /// A text in records of the output stream, which does not end.
    public static String output(String text) {
        StringBuilder records = new StringBuilder();
        for (int from = 0; from < text.length(); from += MOST) {
            records.append(record(STDOUT, text.substring(from, Math.min(text.length(), from + MOST))));
        }
        return records.toString();
    }

    /// A text in a record of the error stream.
    public static String error(String text) {
        return record(STDERR, text);
    }

    /// The record that ends a request.
    public static String end() {
        return record(END, "\0\0\0\0\0\0\0\0");
    }
}

package io.selvage.perf.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Parses one answer after another, in pieces of any size (RFC 9112 §4 to §7). It is strict: answers that a browser would
/// tolerate are malformed here. It keeps the length of a body, not the body. For one thread.
public final class ResponseParser {
    /// The progress of the current answer.
    public enum Progress {
        /// More bytes are needed.
        MORE,
        /// The answer is complete. Bytes after it remain in the buffer.
        DONE,
        /// The bytes are not HTTP/1.1 or contradict each other. The parser is unusable until [ResponseParser#begin].
        MALFORMED
    }

    private enum State { STATUS_LINE, FIELDS, BODY, UNTIL_CLOSE, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILERS, DONE, MALFORMED }

    private static final int LONGEST_LINE = 16_384;
    private static final int MOST_FIELDS = 1_000;
    private static final long UNKNOWN = -1;

    private byte[] line = new byte[256];
    private int lineLength;
    private State state = State.STATUS_LINE;
    private boolean answersHead;
    private boolean started;
    private boolean http10;
    private boolean saysClose;
    private boolean saysKeepAlive;
    private boolean chunked;
    private long declaredLength;
    private long left;
    private long bodyLength;
    private int fields;
    private int status;

    /// Prepares for the next answer.
    ///
    /// @param toHead true if it answers a HEAD request and so has no body
    public void begin(boolean toHead) {
        answersHead = toHead;
        started = false;
        beginHead();
    }

    /// Consumes bytes up to the end of this answer.
    public Progress feed(ByteBuffer in) {
        started |= in.hasRemaining();
        while (state != State.DONE && state != State.MALFORMED && in.hasRemaining()) {
            switch (state) {
                case BODY, UNTIL_CLOSE, CHUNK -> skipBody(in);
                case STATUS_LINE, FIELDS, CHUNK_SIZE, CHUNK_END, TRAILERS -> {
                    if (completesLine(in)) {
                        takeLine();
                    }
                }
                case DONE, MALFORMED -> throw new IllegalStateException();
            }
        }
        return progress();
    }

    /// Handles the end of the connection: [Progress#DONE] if it ends this answer, [Progress#MORE] if the answer is truncated.
    public Progress end() {
        if (state == State.UNTIL_CLOSE) {
            state = State.DONE;
        }
        return progress();
    }

    /// True if a byte of this answer has arrived.
    public boolean started() {
        return started;
    }

    /// The status code of a complete answer.
    public int status() {
        return status;
    }

    /// The bytes of body received so far, without chunk framing.
    public long bodyLength() {
        return bodyLength;
    }

    /// True if the connection may carry another request after a complete answer (RFC 9112 §9.3).
    public boolean keepsAlive() {
        boolean delimited = answersHead || chunked || declaredLength != UNKNOWN || hasNoBody();
        return delimited && !saysClose && (!http10 || saysKeepAlive);
    }

    private void beginHead() {
        state = State.STATUS_LINE;
        lineLength = 0;
        http10 = false;
        saysClose = false;
        saysKeepAlive = false;
        chunked = false;
        declaredLength = UNKNOWN;
        left = 0;
        bodyLength = 0;
        fields = 0;
        status = 0;
    }

    private Progress progress() {
        return switch (state) {
            case DONE -> Progress.DONE;
            case MALFORMED -> Progress.MALFORMED;
            default -> Progress.MORE;
        };
    }

    private void skipBody(ByteBuffer in) {
        int part = state == State.UNTIL_CLOSE ? in.remaining() : (int) Math.min(left, in.remaining());
        in.position(in.position() + part);
        bodyLength += part;
        left -= part;
        if (left == 0 && state != State.UNTIL_CLOSE) {
            state = state == State.BODY ? State.DONE : State.CHUNK_END;
        }
    }

    /// Moves bytes into `line` up to a CRLF, which is not kept.
    private boolean completesLine(ByteBuffer in) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n') {
                if (lineLength == 0 || line[lineLength - 1] != '\r') {
                    state = State.MALFORMED;
                    return false;
                }
                lineLength--;
                return true;
            }
            if (lineLength == LONGEST_LINE || lineLength > 0 && line[lineLength - 1] == '\r') {
                state = State.MALFORMED;
                return false;
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, Math.min(2 * lineLength, LONGEST_LINE));
            }
            line[lineLength++] = b;
        }
        return false;
    }

    private void takeLine() {
        boolean right = switch (state) {
            case STATUS_LINE -> takeStatusLine();
            case FIELDS -> lineLength == 0 ? endHead() : takeField();
            case CHUNK_SIZE -> takeChunkSize();
            case CHUNK_END -> {
                state = State.CHUNK_SIZE;
                yield lineLength == 0;
            }
            case TRAILERS -> lineLength == 0 ? finish() : fieldColon() > 0 && ++fields <= MOST_FIELDS;
            case BODY, UNTIL_CLOSE, CHUNK, DONE, MALFORMED -> throw new IllegalStateException();
        };
        lineLength = 0;
        if (!right) {
            state = State.MALFORMED;
        }
    }

    private boolean finish() {
        state = State.DONE;
        return true;
    }

    /// `HTTP/1.1 200 OK`, with or without a reason.
    private boolean takeStatusLine() {
        boolean shaped = lineLength >= 12 && startsWith("HTTP/1.") && (line[7] == '0' || line[7] == '1') && line[8] == ' '
                && digit(9) && digit(10) && digit(11) && (lineLength == 12 || line[12] == ' ');
        if (!shaped) {
            return false;
        }
        http10 = line[7] == '0';
        status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
        state = State.FIELDS;
        return status >= 100 && status != 101 && status < 600;
    }

    private boolean takeField() {
        int colon = fieldColon();
        if (colon < 1 || ++fields > MOST_FIELDS) {
            return false;
        }
        return switch (colon) {
            case 10 -> !isName("connection") || takeConnection(value(colon));
            case 14 -> !isName("content-length") || takeLength(value(colon));
            case 17 -> !isName("transfer-encoding") || takeCoding(value(colon));
            default -> true;
        };
    }

    private boolean takeConnection(String value) {
        for (String option : value.split(",")) {
            saysClose |= option.strip().equalsIgnoreCase("close");
            saysKeepAlive |= option.strip().equalsIgnoreCase("keep-alive");
        }
        return true;
    }

    private boolean takeLength(String value) {
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        long length = Long.parseLong(value);
        boolean agrees = declaredLength == UNKNOWN || declaredLength == length;
        declaredLength = length;
        return agrees;
    }

    private boolean takeCoding(String value) {
        boolean right = !chunked && value.equalsIgnoreCase("chunked");
        chunked = true;
        return right;
    }

    /// Determines how the end of the body is known (RFC 9112 §6.3).
    private boolean endHead() {
        if (chunked && declaredLength != UNKNOWN) {
            return false;
        }
        if (status < 200) {
            beginHead();
        } else if (answersHead || hasNoBody() || declaredLength == 0) {
            state = State.DONE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (declaredLength == UNKNOWN) {
            state = State.UNTIL_CLOSE;
        } else {
            left = declaredLength;
            state = State.BODY;
        }
        return true;
    }

    private boolean hasNoBody() {
        return status == 204 || status == 304;
    }

    /// Up to 15 hexadecimal digits, then nothing or an extension (RFC 9112 §7.1).
    private boolean takeChunkSize() {
        long size = 0;
        int at = 0;
        for (int digit; at < lineLength && (digit = Character.digit(line[at], 16)) >= 0; at++) {
            size = size << 4 | digit;
        }
        if (at == 0 || at > 15 || at < lineLength && line[at] != ';' && line[at] != ' ' && line[at] != '\t') {
            return false;
        }
        left = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK;
        return true;
    }

    /// The length of the field name in `line`, or 0 if there is none.
    private int fieldColon() {
        for (int at = 0; at < lineLength; at++) {
            if (line[at] == ':') {
                return at;
            }
            if (!Request.isTokenCharacter(line[at])) {
                return 0;
            }
        }
        return 0;
    }

    private boolean isName(String lowerCase) {
        for (int at = 0; at < lowerCase.length(); at++) {
            byte b = line[at];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    private String value(int colon) {
        return new String(line, colon + 1, lineLength - colon - 1, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    }

    private boolean startsWith(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (line[at] != text.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    private boolean digit(int at) {
        return line[at] >= '0' && line[at] <= '9';
    }
}

package io.selvage.server.trace;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The field `traceparent` (W3C Trace Context §3.2): to which trace a request belongs, and which span has sent it.
///
/// @param span the identifier of the span, not 0
/// @param sampled true if the sender may have recorded that span
record TraceParent(TraceId trace, long span, boolean sampled) {
    static final String FIELD = "traceparent";
    private static final int LENGTH = 55;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int SAMPLED = 1;

    /// Reads the values of all fields of this name. There must be one. A version above 00 may have more behind the parts that are
    /// known (§3.2.4).
    ///
    /// @return empty for no value, several, or an invalid one: a new trace is started then
    static Optional<TraceParent> parse(List<String> values) {
        return values.size() == 1 ? parse(values.getFirst()) : Optional.empty();
    }

    private static Optional<TraceParent> parse(String text) {
        if (!isWellFormed(text)) {
            return Optional.empty();
        }
        TraceId trace = new TraceId(hex(text, 3, 19), hex(text, 19, SPAN - 1));
        long span = hex(text, SPAN, FLAGS - 1);
        boolean sampled = (hex(text, FLAGS, LENGTH) & SAMPLED) != 0;
        return trace.high() == 0 && trace.low() == 0 || span == 0 ? Optional.empty()
                : Optional.of(new TraceParent(trace, span, sampled));
    }

    private static boolean isWellFormed(String text) {
        if (text.length() < LENGTH || text.startsWith("ff")) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            boolean hyphen = i == 2 || i == SPAN - 1 || i == FLAGS - 1;
            if (hyphen ? text.charAt(i) != '-' : !isLowerHex(text.charAt(i))) {
                return false;
            }
        }
        return text.length() == LENGTH || !text.startsWith("00") && text.charAt(LENGTH) == '-';
    }

    private static boolean isLowerHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }

    private static long hex(String text, int from, int to) {
        return HexFormat.fromHexDigitsToLong(text, from, to);
    }

    /// The value of the field, in version 00.
    @Override
    public String toString() {
        return "00-" + trace + '-' + HexFormat.of().toHexDigits(span) + (sampled ? "-01" : "-00");
    }
}

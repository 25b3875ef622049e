package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import java.util.Optional;

/// How urgent a response is (RFC 9218 §4).
///
/// @param urgency 0 for the most urgent to 7
/// @param incremental whether parts of the response are of use, so that it shares the connection with others
record StreamPriority(int urgency, boolean incremental) {
    static final int LEVELS = 8;
    static final StreamPriority DEFAULT = new StreamPriority(3, false);
    private static final StreamPriority DEFAULT_INCREMENTAL = new StreamPriority(3, true);

    /// The priority that a request asks for.
    static StreamPriority of(Headers request) {
        Optional<String> field = request.joined("Priority");
        return field.isEmpty() ? DEFAULT : parse(field.get());
    }

    /// Reads the value of a `Priority` field, a dictionary of RFC 9651. What is unknown or out of range is ignored (RFC 9218 §4).
    static StreamPriority parse(String value) {
        int urgency = DEFAULT.urgency;
        boolean incremental = false;
        for (String member : value.split(",", -1)) {
            String item = member.strip();
            int parameters = item.indexOf(';');
            String plain = parameters < 0 ? item : item.substring(0, parameters).strip();
            if (plain.length() == 3 && plain.startsWith("u=") && plain.charAt(2) >= '0' && plain.charAt(2) < '0' + LEVELS) {
                urgency = plain.charAt(2) - '0';
            } else if (plain.equals("i") || plain.equals("i=?1")) {
                incremental = true;
            } else if (plain.equals("i=?0")) {
                incremental = false;
            }
        }
        return urgency != DEFAULT.urgency ? new StreamPriority(urgency, incremental)
                : incremental ? DEFAULT_INCREMENTAL : DEFAULT;
    }
}

package io.selvage.server.trace;

import io.selvage.server.http.Whitespace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The field `tracestate` (W3C Trace Context §3.3): what the systems of a trace say to each other.
final class TraceState {
    static final String FIELD = "tracestate";
    private static final int MOST_MEMBERS = 32;
    private static final int LONGEST = 8 * 1024;
    private static final Pattern KEY =
            Pattern.compile("[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}");
    private static final int LONGEST_VALUE = 256;

    private TraceState() {
    }

    /// The values of all fields of this name as one list, without empty members.
    ///
    /// @return empty if there is no member, or if one is invalid: then nothing of it is passed on
    static String joined(List<String> values) {
        if (values.isEmpty()) {
            return "";
        }
        String all = String.join(",", values);
        Set<String> keys = new HashSet<>();
        StringBuilder joined = new StringBuilder();
        for (String each : all.split(",", -1)) {
            String member = Whitespace.trim(each);
            if (member.isEmpty()) {
                continue;
            }
            int equals = member.indexOf('=');
            boolean valid = equals > 0 && KEY.matcher(member.substring(0, equals)).matches()
                    && keys.add(member.substring(0, equals)) && isValue(member, equals + 1);
            if (!valid || keys.size() > MOST_MEMBERS || joined.length() + member.length() > LONGEST) {
                return "";
            }
            joined.append(joined.isEmpty() ? "" : ",").append(member);
        }
        return joined.toString();
    }

    private static boolean isValue(String member, int from) {
        int length = member.length() - from;
        return length > 0 && length <= LONGEST_VALUE
                && member.chars().skip(from).allMatch(c -> c >= ' ' && c <= '~' && c != ',' && c != '=');
    }
}

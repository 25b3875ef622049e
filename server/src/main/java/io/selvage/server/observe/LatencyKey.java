package io.selvage.server.observe;

/// The identity of a series of latencies.
///
/// @param upstream of a peer; empty for other subjects
/// @param name of the location, the peer or the upstream; [#OTHERS] for all of its kind that found no room
public record LatencyKey(Subject subject, String upstream, String name, LatencyPhase phase) {
    /// Counts for all names beyond the limit.
    public static final String OTHERS = "others";

    /// What a series is about.
    public enum Subject {
        LOCATION("location:"),
        PEER("peer:"),
        UPSTREAM("upstream:");

        private final String prefix;

        Subject(String prefix) {
            this.prefix = prefix;
        }
    }

    /// The tag in an HdrHistogram log: a peer has the same one in all its upstreams. Tags are separated by commas, and lines are
    /// split at spaces, so such characters of the name are escaped.
    public String tag() {
        StringBuilder tag = new StringBuilder(subject.prefix);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c > ' ' && c < 0x7f && c != ',' && c != '%') {
                tag.append(c);
            } else {
                tag.append(c < 0x100 ? String.format("%%%02X", (int) c) : String.format("%%u%04X", (int) c));
            }
        }
        return tag.append(phase.suffix()).toString();
    }
}

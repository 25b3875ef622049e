package io.selvage.perf.report;

import java.util.Comparator;
import java.util.List;

/// The name of a series in the log of a server: `location:shop.example/`, `peer:127.0.0.1:5000:first-byte`.
///
/// @param subject the name of the location or the peer, with its kind in front
/// @param part the phase of its time; empty for the whole
record Tag(String subject, String part) {
    private static final List<String> PARTS = List.of("", "queue", "wait", "connect", "first-byte", "body", "failed");

    /// Whole times before phases, locations before peers, phases in their order.
    static final Comparator<Tag> ORDER = Comparator.comparing((Tag tag) -> !tag.part.isEmpty())
            .thenComparing(Tag::subject).thenComparing(tag -> PARTS.indexOf(tag.part));

    static Tag parse(String text) {
        for (String part : PARTS) {
            if (!part.isEmpty() && text.endsWith(":" + part)) {
                return new Tag(text.substring(0, text.length() - part.length() - 1), part);
            }
        }
        return new Tag(text, "");
    }

    /// The group for comparison: locations with locations, peers with peers, the phases of one subject with each other.
    String group() {
        if (!part.isEmpty()) {
            return subject;
        }
        return subject.startsWith("location:") ? "locations" : subject.startsWith("peer:") ? "peers" : "logs";
    }

    /// The name within its group.
    String name() {
        return part.isEmpty() ? subject.replaceFirst("^(location|peer):", "") : part;
    }
}

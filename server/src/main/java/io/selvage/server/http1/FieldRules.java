package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import java.util.Set;

/// Which field lines are taken, dropped and refused.
///
/// @param lenient what is accepted beyond the grammar
/// @param underscores whether names with an underscore are kept; else they are dropped
/// @param oddNames whether names with other characters than letters, digits and hyphens are kept; else they are dropped
/// @param maxFields the most fields, dropped ones included
/// @param maxLine the most bytes of one line with its end
/// @param maxBytes the most bytes of all lines, the start line included
record FieldRules(Set<Leniency> lenient, boolean underscores, boolean oddNames, int maxFields, int maxLine, int maxBytes) {
    private static final int PEER_FIELDS = 1000;

    static FieldRules ofClient(ClientOptions options) {
        return ofClient(options.head().bufferSize(), options.head());
    }

    /// @param bufferSize the bytes of the buffer that the head is in from its start; a larger one is as `head` says
    static FieldRules ofClient(int bufferSize, ClientOptions.Head head) {
        boolean keepAll = !head.ignoreInvalid();
        int maxLine = Math.max(bufferSize, head.largeBufferSize());
        long maxBytes = Math.max(bufferSize, (long) head.largeBuffers() * head.largeBufferSize());
        return new FieldRules(Leniency.OF_CLIENTS, keepAll || head.underscores(), keepAll, head.maxFields(), maxLine,
                (int) Math.min(Integer.MAX_VALUE, maxBytes));
    }

    static FieldRules ofPeer(int maxHeadBytes) {
        return new FieldRules(Leniency.OF_PEERS, true, true, PEER_FIELDS, maxHeadBytes, maxHeadBytes);
    }

    /// The bytes that a reader may have to be shown at a time.
    int longestLine() {
        return maxLine + 2;
    }

    /// The same for a trailer section: strict, and no line longer than one of a head.
    FieldRules forTrailers() {
        return new FieldRules(Leniency.IN_CHUNKS, underscores, oddNames, maxFields, maxLine, maxBytes);
    }
}

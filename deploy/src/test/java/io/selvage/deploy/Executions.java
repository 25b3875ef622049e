package io.selvage.deploy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a peer has processed.
@FunctionalInterface
interface Executions {

    /// How often each numbered request was processed so far.
    Map<Long, Integer> counts() throws IOException;

    /// Those of several peers together.
    static Executions of(List<? extends Executions> peers) {
        return () -> {
            var sums = new HashMap<Long, Integer>();
            for (Executions peer : peers) {
                peer.counts().forEach((number, count) -> sums.merge(number, count, Integer::sum));
            }
            return sums;
        };
    }
}

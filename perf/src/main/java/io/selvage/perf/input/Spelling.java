package io.selvage.perf.input;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Suggests a known word for a mistyped one.
final class Spelling {
    private static final int MOST_SLIPS = 3;

    private Spelling() {
    }

    /// The word in `known` with the smallest edit distance from `word`; empty if none is close.
    static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(each -> slips(word, each)))
                .filter(each -> slips(word, each) <= Math.min(MOST_SLIPS, word.length() / 2));
    }

    /// The edit distance: letters to insert, delete or change to get from `a` to `b`.
    private static int slips(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

package io.selvage.server.fuzz;

import io.selvage.server.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/// Readings of a fuzzer's bytes that several targets share.
public final class FuzzInput {
    private static final int CUTS = 6;

    private FuzzInput() {
    }

    /// One `char` a byte.
    public static String latin1(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    /// Some places where an input is cut in two; its length decides which.
    public static Iterable<Integer> cuts(byte[] input) {
        var cuts = new TreeSet<Integer>();
        for (int cut = 1 + input.length % CUTS; cut < input.length; cut += 1 + input.length / CUTS) {
            cuts.add(cut);
        }
        return cuts;
    }

    /// The lines of a text, without their ends.
    public static List<String> lines(byte[] input) {
        return latin1(input).lines().toList();
    }

    /// Fields written as `name: value`, one a line. A line without a colon is a field without a value.
    public static Headers fields(List<String> lines) {
        Headers.Builder fields = Headers.builder();
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.add(colon < 0 ? line : line.substring(0, colon), colon < 0 ? "" : line.substring(colon + 1));
        }
        return fields.build();
    }
}

package io.selvage.server.http;

import io.selvage.server.fuzz.FuzzInput;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Values of `Range`. The input is `SIZE PARTS VALUE`: the size of the file, the most parts, and the value of the field.
public final class RangeFuzz {
    private static final Pattern INPUT = Pattern.compile("(\\d{1,18}) (\\d{1,9}) (.*)", Pattern.DOTALL);
    private static final Pattern SPEC = Pattern.compile("(\\d+)-(\\d*)|-(\\d+)");

    private RangeFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Matcher matcher = INPUT.matcher(FuzzInput.latin1(input));
        if (matcher.matches()) {
            check(matcher.group(3), Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        } else {
            check(FuzzInput.latin1(input), 1000, 5);
        }
    }

    private static void check(String value, long size, int maxParts) {
        switch (Ranges.parse(value, size, maxParts)) {
            case Ranges.Whole() -> { }
            case Ranges.Unsatisfiable() -> assertTrue(maxParts > 0 && size > 0 && value.regionMatches(true, 0, "bytes=", 0, 6));
            case Ranges.Some(List<Ranges.Range> parts) -> {
                assertTrue(!parts.isEmpty() && parts.size() <= maxParts, () -> parts.size() + " parts");
                assertEquals(expected(value, BigInteger.valueOf(size)), parts);
                long sum = 0;
                for (Ranges.Range part : parts) {
                    assertTrue(part.first() >= 0 && part.count() > 0 && part.first() <= size - part.count(), part::toString);
                    sum = Math.addExact(sum, part.count());
                    assertEquals(OptionalLong.of(part.first()), first(part.of(size)));
                }
                assertTrue(sum <= size, "more bytes than there are");
            }
        }
    }

    /// The parts that a set of ranges asks for, in whole numbers of any size (RFC 9110 §14.1.2).
    private static List<Ranges.Range> expected(String value, BigInteger size) {
        List<Ranges.Range> parts = new ArrayList<>();
        for (String spec : value.substring(6).split(",", -1)) {
            Matcher matcher = SPEC.matcher(spec.replaceAll("^[ \t]+|[ \t]+$", ""));
            assertTrue(matcher.matches(), spec);
            boolean suffix = matcher.group(3) != null;
            BigInteger first = suffix ? size.subtract(new BigInteger(matcher.group(3))).max(BigInteger.ZERO)
                    : new BigInteger(matcher.group(1));
            BigInteger end = suffix || matcher.group(2).isEmpty() ? size
                    : new BigInteger(matcher.group(2)).add(BigInteger.ONE).min(size);
            if (first.compareTo(end) < 0) {
                parts.add(new Ranges.Range(first.longValueExact(), end.subtract(first).longValueExact()));
            }
        }
        return parts;
    }

    private static OptionalLong first(String contentRange) {
        Matcher matcher = Pattern.compile("bytes (\\d+)-\\d+/\\d+").matcher(contentRange);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}

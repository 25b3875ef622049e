package io.selvage.server.http1;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Whitespace;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What holds for every parser of heads, whatever it is fed.
final class HeadPieces {
    private HeadPieces() {
    }

    /// Parses bytes in one piece, in two pieces cut at some places, and byte by byte. The results must be equal, except that a
    /// refusal may have another reason: of two faults in a line, a parser that sees the line in pieces may find the other first.
    ///
    /// @param parser makes a new parser
    static <H> Parsed<H> parse(byte[] input, Supplier<Feeding.Parser<H>> parser) {
        Parsed<H> whole = upTo(parser.get(), input, 0, input.length);
        assertSame(whole, bytewise(parser.get(), input), "byte by byte");
        for (int cut : FuzzInput.cuts(input)) {
            assertSame(whole, inTwo(parser.get(), input, cut), "cut at " + cut);
        }
        return whole;
    }

    private static <H> void assertSame(Parsed<H> whole, Parsed<H> pieces, String how) {
        if (whole instanceof Parsed.Refused<H>) {
            assertInstanceOf(Parsed.Refused.class, pieces, how);
        } else {
            assertEquals(whole, pieces, how);
        }
    }

    private static <H> Parsed<H> bytewise(Feeding.Parser<H> parser, byte[] input) {
        int used = 0;
        for (int to = 1; to <= input.length; to++) {
            Parsed<H> parsed = upTo(parser, input, used, to);
            if (!(parsed instanceof Parsed.NeedMore(int more))) {
                return parsed;
            }
            used = more;
        }
        return input.length == 0 ? upTo(parser, input, 0, 0) : new Parsed.NeedMore<>(used);
    }

    private static <H> Parsed<H> inTwo(Feeding.Parser<H> parser, byte[] input, int cut) {
        Parsed<H> first = upTo(parser, input, 0, cut);
        return first instanceof Parsed.NeedMore(int used) ? upTo(parser, input, used, input.length) : first;
    }

    /// The result with the number of bytes that were used since the beginning of the input.
    private static <H> Parsed<H> upTo(Feeding.Parser<H> parser, byte[] input, int from, int to) {
        return switch (parser.parse(input, from, to)) {
            case Parsed.NeedMore(int used) -> new Parsed.NeedMore<>(inBounds(from, used, to));
            case Parsed.Head(H head, int used) -> new Parsed.Head<>(head, inBounds(from, used, to));
            case Parsed.Refused<H> refused -> refused;
        };
    }

    private static int inBounds(int from, int used, int to) {
        assertTrue(used >= 0 && from + used <= to, () -> used + " bytes used of " + from + " to " + to);
        return from + used;
    }

    /// Checks fields that were accepted: their number, and that each can be written again without being read as something else.
    static void assertWritable(Headers fields, FieldRules rules) {
        assertTrue(fields.size() <= rules.maxFields(), () -> fields.size() + " fields");
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.value(i);
            assertTrue(CharClasses.isToken(fields.name(i)), fields.name(i));
            assertTrue(isLineSafe(value), value);
            assertEquals(Whitespace.trim(value), value);
            assertFalse(fields.name(i).indexOf('_') >= 0 && !rules.underscores(), fields.name(i));
        }
    }

    /// True if a line of a head may contain the string: one byte a `char`, and no end of line nor NUL (RFC 9110 §5.5).
    static boolean isLineSafe(String text) {
        return text.chars().allMatch(c -> c <= 0xff && c != '\r' && c != '\n' && c != 0);
    }
}

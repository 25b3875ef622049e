package io.selvage.server.route;

import java.util.ArrayList;
import java.util.List;

/// A string of the configuration taken apart: what stands there as it is, and the variables it names (`$name`, `${name}`,
/// `$1`).
public record Template(List<Piece> pieces) {

    public sealed interface Piece {
        record Literal(String text) implements Piece {
        }

        record Reference(String name) implements Piece {
        }
    }

    public Template {
        pieces = List.copyOf(pieces);
    }

    /// @throws IllegalArgumentException for a dollar sign without a name behind it
    public static Template parse(String source) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c != '$') {
                literal.append(c);
                continue;
            }
            boolean braced = at < source.length() && source.charAt(at) == '{';
            int from = braced ? at + 1 : at;
            int to = nameEnd(source, from);
            if (to == from || braced && (to == source.length() || source.charAt(to) != '}')) {
                throw new IllegalArgumentException("invalid variable name in \"" + source + "\"");
            }
            if (!literal.isEmpty()) {
                pieces.add(new Piece.Literal(literal.toString()));
                literal.setLength(0);
            }
            pieces.add(new Piece.Reference(source.substring(from, to)));
            at = braced ? to + 1 : to;
        }
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
        }
        return new Template(pieces);
    }

    /// The names of its variables, in order.
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Reference(var name)) {
                names.add(name);
            }
        }
        return names;
    }

    public boolean isLiteral() {
        return pieces.stream().allMatch(Piece.Literal.class::isInstance);
    }

    /// A capture is one digit, `$12` the first followed by a 2.
    private static int nameEnd(String source, int from) {
        int to = from;
        while (to < source.length() && isNamePart(source.charAt(to))) {
            to++;
            if (to == from + 1 && source.charAt(from) >= '1' && source.charAt(from) <= '9') {
                return to;
            }
        }
        return to;
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}

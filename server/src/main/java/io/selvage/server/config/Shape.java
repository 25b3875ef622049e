package io.selvage.server.config;

import java.util.List;

/// What the line of a directive looks like.
///
/// @param least the smallest number of arguments
/// @param most the largest; [Integer#MAX_VALUE] when there is no bound
/// @param repeatable whether it is allowed several times in one block
/// @param block what is inside the block that it opens
public record Shape(int least, int most, boolean repeatable, Inside block) {
    /// The content of a block.
    public enum Inside {
        /// There is no block.
        NOTHING,
        /// Directives that the [Catalogue] knows.
        DIRECTIVES,
        /// Anything; the codec of the setting checks it.
        ANYTHING
    }

    /// A line with this many arguments.
    public static Shape of(int least, int most) {
        return new Shape(least, most, false, Inside.NOTHING);
    }

    /// Reads `2`, `1-4`, or `1+` for one or more.
    static Shape parse(String arguments) {
        int least = arguments.charAt(0) - '0';
        return of(least, arguments.endsWith("+") ? Integer.MAX_VALUE : arguments.charAt(arguments.length() - 1) - '0');
    }

    /// The same, any number of times.
    public Shape repeated() {
        return new Shape(least, most, true, block);
    }

    /// The same with a block.
    public Shape opening(Inside inside) {
        return new Shape(least, most, repeatable, inside);
    }

    boolean takes(int arguments) {
        return arguments >= least && arguments <= most;
    }

    boolean opensBlock() {
        return block != Inside.NOTHING;
    }

    /// How many arguments it takes, in words.
    String arguments() {
        if (most == Integer.MAX_VALUE) {
            return "at least " + counted(least);
        }
        if (least == most) {
            return counted(most);
        }
        return (least == 0 ? "at most " : number(least) + (most == least + 1 ? " or " : " to ")) + counted(most);
    }

    private static String counted(int count) {
        return number(count) + (count == 1 ? " argument" : " arguments");
    }

    private static String number(int count) {
        return List.of("no", "one", "two", "three", "four", "five").get(count);
    }
}

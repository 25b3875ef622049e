package io.selvage.server.ssi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Finds the commands in the bytes of a page, which may come in pieces of any size. What belongs to a command that is not
/// complete is held here; that is bounded by the lengths of names and values and the number of parameters.
///
/// Each byte is one `char` of the result.
final class SsiScanner {
    private static final String OPENING = "<!--#";
    private static final String CLOSING = "-->";
    private static final int MOST_NAME = 32;
    private static final int MOST_PARAMETERS = 16;

    /// What the scanner finds next.
    sealed interface Found {
    }

    /// Bytes to be passed on: from the position of the input as it was before, this many.
    record Plain(int count) implements Found {
    }

    /// The beginning of a comment that turned out to be no command; its bytes are no longer in the input.
    record Held(String text) implements Found {
    }

    /// A complete command.
    ///
    /// @param text as it is written; cut where it has very much white space
    record Command(SsiCommand command, String text) implements Found {
    }

    /// The end of something that is not a command as it must be.
    ///
    /// @param text as far as it was kept
    record Malformed(String problem, String text) implements Found {
    }

    /// All of the input is taken.
    record NeedsInput() implements Found {
    }

    private static final Found NEEDS_INPUT = new NeedsInput();

    private enum State { PLAIN, BEFORE_COMMAND, COMMAND, BEFORE_PARAMETER, PARAMETER, BEFORE_EQUALS, BEFORE_VALUE, VALUE, ESCAPED,
        BEHIND_VALUE, CLOSING, BROKEN }

    private final int mostValue;
    private State state = State.PLAIN;
    private int matched;                                   // characters of the opening or of the closing
    private char quote;
    private String problem = "";
    private final StringBuilder text = new StringBuilder();        // of the command, as written
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder parameter = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private final List<SsiCommand.Parameter> parameters = new ArrayList<>();

    /// @param mostValue the most bytes of a value (`ssi_value_length`)
    SsiScanner(int mostValue) {
        this.mostValue = mostValue;
    }

    /// Goes on in the input. The position is moved behind what was taken, but for [Plain], whose bytes are left to the caller.
    Found next(ByteBuffer input) {
        if (state == State.PLAIN && matched == 0) {
            int count = plain(input);
            if (count > 0) {
                return new Plain(count);
            }
        }
        while (input.hasRemaining()) {
            char c = (char) (input.get(input.position()) & 0xff);
            if (state == State.PLAIN) {
                if (c != OPENING.charAt(matched)) {
                    return held();
                }
                input.get();
                matched++;
                if (matched == OPENING.length()) {
                    begin();
                }
            } else {
                input.get();
                keep(c);
                if (take(c)) {
                    return end();
                }
            }
        }
        return NEEDS_INPUT;
    }

    /// What is held of a comment that the page ends in; empty for nothing. A command that is not complete is lost.
    String rest() {
        return state == State.PLAIN ? OPENING.substring(0, matched) : "";
    }

    /// How many bytes cannot be the beginning of a command.
    private static int plain(ByteBuffer input) {
        int at = input.position();
        while (at < input.limit() && input.get(at) != OPENING.charAt(0)) {
            at++;
        }
        return at - input.position();
    }

    private Found held() {
        Found found = new Held(OPENING.substring(0, matched));
        matched = 0;
        return found;
    }

    private void begin() {
        matched = 0;
        text.setLength(0);
        text.append(OPENING);
        name.setLength(0);
        parameters.clear();
        problem = "";
        state = State.BEFORE_COMMAND;
    }

    /// Keeps the text of the command. White space and broken commands have no bound of their own.
    private void keep(char c) {
        if (text.length() < MOST_PARAMETERS * (mostValue + 2 * MOST_NAME)) {
            text.append(c);
        }
    }

    /// @return true where the command ends
    private boolean take(char c) {
        switch (state) {
            case BEFORE_COMMAND, COMMAND, BEFORE_PARAMETER, BEHIND_VALUE -> between(c);
            case PARAMETER, BEFORE_EQUALS -> parameter(c);
            case BEFORE_VALUE -> beforeValue(c);
            case VALUE -> value(c);
            case ESCAPED -> escaped(c);
            case CLOSING -> {
                return closing(c);
            }
            case BROKEN -> {
                return skipped(c);
            }
            case PLAIN -> throw new IllegalStateException("not in a command");
        }
        return false;
    }

    private void between(char c) {
        boolean inName = state == State.COMMAND;
        if (isSpace(c)) {
            state = state == State.BEFORE_COMMAND ? State.BEFORE_COMMAND : State.BEFORE_PARAMETER;
        } else if (c == '-') {
            state = State.CLOSING;
            matched = 1;
        } else if (state == State.BEHIND_VALUE) {
            broken("unexpected \"" + c + "\" symbol after value of \"" + parameter + "\" parameter in \"" + name
                    + "\" SSI command");
        } else if (state == State.BEFORE_PARAMETER) {
            beginParameter(c);
        } else if (inName && name.length() == MOST_NAME) {
            broken("the \"" + name + c + "...\" SSI command is too long");
        } else {
            name.append(c);
            state = State.COMMAND;
        }
    }

    private void beginParameter(char c) {
        if (parameters.size() == MOST_PARAMETERS) {
            broken("too many SSI command parameters");
            return;
        }
        parameter.setLength(0);
        parameter.append(c);
        value.setLength(0);
        state = State.PARAMETER;
    }

    private void parameter(char c) {
        if (c == '=') {
            state = State.BEFORE_VALUE;
        } else if (isSpace(c)) {
            state = State.BEFORE_EQUALS;
        } else if (c == '-' || state == State.BEFORE_EQUALS) {
            broken("unexpected \"" + c + "\" symbol after \"" + parameter + "\" parameter in \"" + name + "\" SSI command");
            matched = c == '-' ? 1 : 0;
        } else if (parameter.length() == MOST_NAME) {
            broken("too long \"" + parameter + c + "...\" parameter in \"" + name + "\" SSI command");
        } else {
            parameter.append(c);
        }
    }

    private void beforeValue(char c) {
        if (c == '"' || c == '\'') {
            quote = c;
            state = State.VALUE;
        } else if (!isSpace(c)) {
            broken("unexpected \"" + c + "\" symbol before value of \"" + parameter + "\" parameter in \"" + name
                    + "\" SSI command");
            matched = c == '-' ? 1 : 0;
        }
    }

    private void value(char c) {
        if (c == quote) {
            parameters.add(new SsiCommand.Parameter(parameter.toString(), value.toString()));
            state = State.BEHIND_VALUE;
        } else {
            append(c);
            if (c == '\\' && state == State.VALUE) {
                state = State.ESCAPED;
            }
        }
    }

    /// A backslash before the quote is not part of the value; before anything else it is.
    private void escaped(char c) {
        state = State.VALUE;
        if (c == quote) {
            value.setCharAt(value.length() - 1, c);
        } else {
            append(c);
        }
    }

    private void append(char c) {
        if (value.length() == mostValue) {
            broken("too long \"" + value + c + "...\" value of \"" + parameter + "\" parameter in \"" + name + "\" SSI command");
        } else {
            value.append(c);
        }
    }

    private boolean closing(char c) {
        if (c != CLOSING.charAt(matched)) {
            broken("unexpected \"" + c + "\" symbol in \"" + name + "\" SSI command");
            return false;
        }
        matched++;
        return matched == CLOSING.length();
    }

    private void broken(String why) {
        problem = why;
        matched = 0;
        state = State.BROKEN;
    }

    /// Looks for the end of a broken command.
    private boolean skipped(char c) {
        if (c == CLOSING.charAt(matched)) {
            matched++;
        } else {
            matched = c == '-' ? Math.min(matched, 2) : 0;
        }
        return matched == CLOSING.length();
    }

    private Found end() {
        state = State.PLAIN;
        matched = 0;
        return problem.isEmpty() ? new Command(new SsiCommand(name.toString(), List.copyOf(parameters)), text.toString())
                : new Malformed(problem, text.toString());
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}

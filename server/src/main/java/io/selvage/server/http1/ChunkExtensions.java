package io.selvage.server.http1;

/// The extensions of one chunk (RFC 9112 §7.1.1): `;name`, `;name=token` or `;name="text"`, any number of them. Their grammar
/// is checked and their content is ignored. White space is allowed where the grammar has BWS, so not before the end of the line.
final class ChunkExtensions {
    private enum State { BEFORE_SEMICOLON, NAME_FIRST, NAME, AFTER_NAME, VALUE_FIRST, TOKEN, QUOTED, ESCAPED, QUOTE_CLOSED,
            INVALID }

    private State state = State.BEFORE_SEMICOLON;

    /// Starts again, after the size of a chunk.
    void begin() {
        state = State.BEFORE_SEMICOLON;
    }

    /// Takes the next byte.
    ///
    /// @return false if the grammar does not allow it here
    boolean accept(byte octet) {
        state = switch (state) {
            case BEFORE_SEMICOLON -> isSpace(octet) ? state : afterPart(octet);
            case NAME_FIRST -> isSpace(octet) ? state : isToken(octet) ? State.NAME : State.INVALID;
            case NAME -> isToken(octet) ? state : isSpace(octet) ? State.AFTER_NAME : afterName(octet);
            case AFTER_NAME -> isSpace(octet) ? state : afterName(octet);
            case VALUE_FIRST -> isSpace(octet) ? state
                    : octet == '"' ? State.QUOTED : isToken(octet) ? State.TOKEN : State.INVALID;
            case TOKEN -> isToken(octet) ? state : afterValue(octet);
            case QUOTED -> octet == '"' ? State.QUOTE_CLOSED : octet == '\\' ? State.ESCAPED : quoted(octet);
            case ESCAPED -> quoted(octet);
            case QUOTE_CLOSED -> afterValue(octet);
            case INVALID -> State.INVALID;
        };
        return state != State.INVALID;
    }

    /// True if the line may end here.
    boolean isComplete() {
        return state == State.NAME || state == State.TOKEN || state == State.QUOTE_CLOSED;
    }

    private static State afterName(byte octet) {
        return octet == '=' ? State.VALUE_FIRST : afterPart(octet);
    }

    private static State afterValue(byte octet) {
        return isSpace(octet) ? State.BEFORE_SEMICOLON : afterPart(octet);
    }

    private static State afterPart(byte octet) {
        return octet == ';' ? State.NAME_FIRST : State.INVALID;
    }

    private static State quoted(byte octet) {
        return CharClasses.isControl(octet) ? State.INVALID : State.QUOTED;
    }

    private static boolean isToken(byte octet) {
        return CharClasses.inToken(octet) != 0;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}

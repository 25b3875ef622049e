package io.selvage.server.config;

/// What the [Lexer] finds in a file.
sealed interface Token {
    Position position();

    record Text(Word word) implements Token {
        @Override
        public Position position() {
            return word.position();
        }
    }

    record Semicolon(Position position) implements Token {}

    record Open(Position position) implements Token {}

    record Close(Position position) implements Token {}

    record End(Position position) implements Token {}
}

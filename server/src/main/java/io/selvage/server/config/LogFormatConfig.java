package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// What a line of an access log looks like: `log_format`.
public record LogFormatConfig(String name, Escape escape, Template line) implements Printable {
    /// How the values of variables are written: with `\\xXX` for what is not plain, as JSON strings are, or as they are.
    public enum Escape { DEFAULT, JSON, NONE }

    static final String COMBINED_NAME = "combined";

    /// The one that is always there.
    static final LogFormatConfig COMBINED = new LogFormatConfig(COMBINED_NAME, Escape.DEFAULT, combined());

    private static Template combined() {
        var text = new Word("$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
                + "\"$http_referer\" \"$http_user_agent\"", Position.whole(""));
        return Template.read(new Argument("log_format", text, ParseContext.OURS));
    }

    static LogFormatConfig read(Line line) {
        Argument second = line.argument(1);
        boolean escaped = second.word().key().equals("escape") && second.text().contains("=");
        Escape escape = escaped ? second.option().choice(Escape.class) : Escape.DEFAULT;
        var text = new StringBuilder();
        List<Argument> pieces = line.argumentsFrom(escaped ? 2 : 1);
        pieces.forEach(piece -> text.append(piece.text()));
        return new LogFormatConfig(line.argument(0).name(), escape, second.with(text.toString()).template());
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(name, line.toString()));
        if (escape != Escape.DEFAULT) {
            words.add(1, "escape=" + Argument.written(escape));
        }
        return words;
    }
}

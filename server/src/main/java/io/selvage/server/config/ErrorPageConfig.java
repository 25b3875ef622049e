package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// What is answered in place of some errors: `error_page`.
///
/// @param codes status codes, 300 to 599
/// @param page a path of this server, `@name` for a named location, or a whole URL to redirect to
public record ErrorPageConfig(List<Integer> codes, NewStatus status, Template page) implements Printable {
    /// The status that goes with the page.
    public sealed interface NewStatus {
        /// That of the error; 302 for a whole URL.
        record Kept() implements NewStatus {}

        /// The one that the page itself is answered with: `=`.
        record OfPage() implements NewStatus {}

        /// `=code`
        record Fixed(int code) implements NewStatus {}
    }

    public ErrorPageConfig {
        codes = List.copyOf(codes);
    }

    static ErrorPageConfig read(Line line) {
        List<Argument> before = line.arguments().subList(0, line.count() - 1);
        Argument last = before.getLast();
        NewStatus status = new NewStatus.Kept();
        if (last.text().startsWith("=")) {
            before = before.subList(0, before.size() - 1);
            Argument code = last.with(last.text().substring(1));
            status = code.text().isEmpty() ? new NewStatus.OfPage() : new NewStatus.Fixed(code.number(0, 999));
        }
        if (before.isEmpty()) {
            line.problem("\"error_page\" needs a status code");
        }
        Argument page = line.argument(line.count() - 1);
        List<Integer> codes = before.stream().map(code -> code.number(300, 599)).toList();
        if (codes.contains(499)) {
            line.problem("\"error_page\" cannot answer 499, for the client is gone");
        }
        return new ErrorPageConfig(codes, status, page.template());
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(codes.stream().map(code -> Integer.toString(code)).toList());
        switch (status) {
            case NewStatus.Kept() -> { }
            case NewStatus.OfPage() -> words.add("=");
            case NewStatus.Fixed(int code) -> words.add("=" + code);
        }
        words.add(page.toString());
        return words;
    }
}

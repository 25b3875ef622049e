package io.selvage.perf.report;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The text of a report ([Report#text]) of one scenario, read back.
///
/// @param scenario its name, which begins the title
/// @param about the rest of the title
record ResultText(String scenario, String about, List<Line> lines) {
    private static final String COLUMNS = "  +";
    private static final String RATE = "answers/s";
    private static final String CPU = "CPU µs per answer";
    private static final Map<String, Double> MICROS = Map.of("µs", 1.0, "ms", 1e3, "s", 1e6);

    /// One target at one load.
    ///
    /// @param when the time of the measurement, in ISO 8601
    /// @param load such as `at saturation`
    /// @param p99 in microseconds
    /// @param cpu microseconds per answer
    record Line(String scenario, String when, String commit, String load, String target, double rate, double p99, double cpu) {
    }

    ResultText {
        lines = List.copyOf(lines);
    }

    /// Reads a file. Empty if that is a text of another kind, such as the result of a single server.
    ///
    /// @throws UserError if a number in it cannot be read
    static Optional<ResultText> read(Path file) throws UserError, IOException {
        List<String> text = Files.readAllLines(file);
        String title = text.isEmpty() ? "" : text.getFirst();
        int colon = title.indexOf(": ");
        String when = fact(text, "when");
        if (colon < 0 || when.isEmpty()) {
            return Optional.empty();
        }
        String scenario = title.substring(0, colon);
        var lines = new ArrayList<Line>();
        List<String> head = List.of();
        for (String row : text) {
            List<String> cells = List.of(row.split(COLUMNS));
            if (cells.size() > 1 && cells.get(1).equals(RATE)) {
                head = cells;
            } else if (!head.isEmpty() && cells.size() == head.size()) {
                lines.add(line(scenario, when, fact(text, "commit"), named(head, cells, file)));
            } else {
                head = List.of();
            }
        }
        return Optional.of(new ResultText(scenario, title.substring(colon + 2), lines));
    }

    private record Cells(String load, String target, Map<String, Double> values) {
        double value(String column) {
            return values.getOrDefault(column, Double.NaN);
        }
    }

    private static Line line(String scenario, String when, String commit, Cells cells) {
        return new Line(scenario, when, commit, cells.load, cells.target, cells.value(RATE), cells.value("p99"),
                cells.value(CPU));
    }

    private static Cells named(List<String> head, List<String> cells, Path file) throws UserError {
        var values = new HashMap<String, Double>();
        for (int i = 1; i < head.size() - 1; i++) {
            values.put(head.get(i), number(cells.get(i), file));
        }
        return new Cells(head.getFirst(), cells.getFirst(), values);
    }

    /// Reads `1,234`, `5.67 ms`, `Infinity` and `-`.
    private static double number(String text, Path file) throws UserError {
        String[] words = text.replace(",", "").split(" ");
        try {
            return words[0].equals("-") ? Double.NaN
                    : Double.parseDouble(words[0]) * (words.length > 1 ? MICROS.getOrDefault(words[1], Double.NaN) : 1);
        } catch (NumberFormatException e) {
            throw new UserError(file + ": \"" + text + "\" is not a number");
        }
    }

    private static String fact(List<String> text, String name) {
        return text.stream().filter(row -> row.startsWith(name + " ")).reduce((first, last) -> last)
                .map(row -> row.substring(name.length()).strip()).orElse("");
    }
}

package io.selvage.perf.report;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The results of a folder over the commits that have been measured. Its files `*.txt` have the latest result of each scenario;
/// `history.tsv` keeps the figures of all results; `index.html` shows them.
public final class ResultHistory {
    private static final String HISTORY = "history.tsv";
    private static final String PAGE = "index.html";
    private static final String HEAD = "scenario\twhen\tcommit\tload\ttarget\tanswers/s\tp99 µs\tCPU µs per answer";
    private static final int CELLS = 8;
    /// More than the results have.
    private static final MathContext DIGITS = new MathContext(9);

    private final Path folder;
    private final Map<String, String> about = new TreeMap<>();
    /// By scenario, time, load and target, so that a result that is read twice counts once.
    private final Map<String, ResultText.Line> lines = new TreeMap<>();

    private ResultHistory(Path folder) {
        this.folder = folder;
    }

    /// Adds the results in `folder`, and those in `more`, to the history, and writes history and page.
    ///
    /// @throws UserError if a file has a line that cannot be read
    public static void update(Path folder, List<Path> more) throws UserError, IOException {
        var history = new ResultHistory(folder);
        history.readHistory();
        for (Path file : more) {
            history.add(file);
        }
        try (DirectoryStream<Path> texts = Files.newDirectoryStream(folder, "*.txt")) {
            List<Path> sorted = new ArrayList<>();
            texts.forEach(sorted::add);
            sorted.sort(Comparator.naturalOrder());
            for (Path file : sorted) {
                history.add(file);
            }
        }
        Files.writeString(folder.resolve(HISTORY), history.table());
        Files.writeString(folder.resolve(PAGE), HistoryPage.of(history.about, List.copyOf(history.lines.values())));
    }

    private void readHistory() throws UserError, IOException {
        Path file = folder.resolve(HISTORY);
        if (!Files.exists(file)) {
            return;
        }
        for (String row : Files.readAllLines(file)) {
            String[] cells = row.split("\t");
            if (!row.equals(HEAD)) {
                put(line(file, cells));
            }
        }
    }

    private static ResultText.Line line(Path file, String[] cells) throws UserError {
        try {
            if (cells.length == CELLS) {
                return new ResultText.Line(cells[0], cells[1], cells[2], cells[3], cells[4], Double.parseDouble(cells[5]),
                        Double.parseDouble(cells[6]), Double.parseDouble(cells[7]));
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new UserError(file + ": cannot read the line " + String.join(" ", cells));
    }

    private void add(Path file) throws UserError, IOException {
        Optional<ResultText> result = ResultText.read(file);
        if (result.isPresent()) {
            about.put(result.get().scenario(), result.get().about());
            result.get().lines().forEach(this::put);
        }
    }

    private void put(ResultText.Line line) {
        lines.put(String.join("\t", line.scenario(), line.when(), line.load(), line.target()), line);
    }

    private String table() {
        var text = new StringBuilder(HEAD).append('\n');
        lines.values().forEach(line -> text.append(String.join("\t", line.scenario(), line.when(), line.commit(), line.load(),
                line.target(), number(line.rate()), number(line.p99()), number(line.cpu()))).append('\n'));
        return text.toString();
    }

    private static String number(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}

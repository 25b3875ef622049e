package io.selvage.perf.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A page of plain HTML and SVG that shows the results of all scenarios over the commits that have been measured. It needs no
/// script and nothing from the network.
final class HistoryPage {
    private static final String MARK = "<!-- the results go here -->";
    private static final String SATURATION = "at saturation";
    private static final List<String> TARGETS = List.of("selvage", "selvage-plain", "nginx", "haproxy", "caddy");
    private static final int DAY = 10;

    private final StringBuilder html = new StringBuilder();
    private final Map<String, String> about;
    private final Map<String, List<ResultText.Line>> scenarios;

    private HistoryPage(Map<String, String> about, List<ResultText.Line> lines) {
        this.about = about;
        this.scenarios = lines.stream().collect(Collectors.groupingBy(ResultText.Line::scenario, TreeMap::new,
                Collectors.toList()));
    }

    /// The page of `lines`, ordered by time within each scenario.
    ///
    /// @param about what each scenario is, by its name
    static String of(Map<String, String> about, List<ResultText.Line> lines) {
        var page = new HistoryPage(about, lines);
        page.overview();
        page.scenarios.forEach(page::scenario);
        return template().replace(MARK, page.html);
    }

    private void overview() {
        html.append("<h2>Latest results</h2>\n<div class=\"wide\"><table>\n<tr><th>scenario<th>selvage to<th>answers/s"
                + "<th>CPU per answer<th>measured<th>commit</tr>\n");
        scenarios.forEach((name, lines) -> {
            List<ResultText.Line> latest = at(latest(lines), SATURATION);
            Optional<ResultText.Line> own = latest.stream().filter(line -> line.target().equals("selvage")).findFirst();
            for (ResultText.Line other : latest) {
                if (own.isPresent() && !other.target().equals("selvage")) {
                    row(own.get(), other);
                }
            }
        });
        html.append("</table></div>\n<p>Above 1 is in Selvage's favour for answers/s, below 1 for CPU time. The files"
                + " <code>*.txt</code> have the intervals of these ratios.</p>\n");
    }

    private void row(ResultText.Line own, ResultText.Line other) {
        html.append("<tr><td><a href=\"#").append(own.scenario()).append("\">").append(own.scenario()).append("</a><td>")
                .append(escape(other.target())).append("<td>").append(ratio(own.rate(), other.rate())).append("<td>")
                .append(ratio(own.cpu(), other.cpu())).append("<td>").append(own.when(), 0, DAY).append("<td><code>")
                .append(escape(own.commit())).append("</code></tr>\n");
    }

    private void scenario(String name, List<ResultText.Line> lines) {
        html.append("<h2 id=\"").append(name).append("\">").append(name).append("</h2>\n<p>")
                .append(escape(about.getOrDefault(name, "")))
                .append("</p>\n");
        for (String load : loads(lines)) {
            List<ResultText.Line> here = at(lines, load);
            html.append("<div class=\"charts\">\n");
            if (!load.contains("%")) {                     // a share of the peak is the rate that the lab has set
                chart(name + " " + load + ", answers/s", "answers/s " + load, here, ResultText.Line::rate);
            }
            chart(name + " " + load + ", CPU µs per answer", "CPU µs per answer " + load, here, ResultText.Line::cpu);
            if (!load.equals(SATURATION)) {
                chart(name + " " + load + ", p99 in ms", "p99 in ms " + load, here, line -> line.p99() / 1e3);
            }
            html.append("</div>\n");
        }
        table(latest(lines));
    }

    private void chart(String title, String caption, List<ResultText.Line> lines, ToDoubleFunction<ResultText.Line> value) {
        List<String> times = lines.stream().map(ResultText.Line::when).distinct().sorted().toList();
        Map<String, List<HistoryChart.Point>> curves = new LinkedHashMap<>();
        for (String target : targets(lines)) {
            List<HistoryChart.Point> points = new ArrayList<>();
            lines.stream().filter(line -> line.target().equals(target) && Double.isFinite(value.applyAsDouble(line)))
                    .forEach(line -> points.add(new HistoryChart.Point(times.indexOf(line.when()), value.applyAsDouble(line),
                            line.when().substring(0, DAY) + ", " + line.commit())));
            if (!points.isEmpty()) {
                curves.put(target, points);
            }
        }
        if (!curves.isEmpty()) {
            html.append("<figure><figcaption>").append(escape(caption)).append("</figcaption>")
                    .append(new HistoryChart(title, times.size(), curves).svg()).append("</figure>\n");
        }
    }

    private void table(List<ResultText.Line> lines) {
        html.append("<div class=\"wide\"><table>\n<tr><th>").append(lines.getFirst().when(), 0, DAY).append(", <code>")
                .append(escape(lines.getFirst().commit()))
                .append("</code><th>target<th>answers/s<th>p99<th>CPU µs per answer</tr>\n");
        for (String load : loads(lines)) {
            for (ResultText.Line line : at(lines, load)) {
                html.append("<tr><td>").append(escape(load)).append("<td>").append(escape(line.target())).append("<td>")
                        .append(Figures.number(line.rate())).append("<td>").append(Figures.time(line.p99() * 1e3)).append("<td>")
                        .append(Double.isFinite(line.cpu()) ? Figures.number(line.cpu()) : "none").append("</tr>\n");
            }
        }
        html.append("</table></div>\n");
    }

    private static List<ResultText.Line> latest(List<ResultText.Line> lines) {
        String last = lines.stream().map(ResultText.Line::when).max(Comparator.naturalOrder()).orElse("");
        return lines.stream().filter(line -> line.when().equals(last)).toList();
    }

    /// The lines of a load, ordered by target.
    private static List<ResultText.Line> at(List<ResultText.Line> lines, String load) {
        return lines.stream().filter(line -> line.load().equals(load))
                .sorted(Comparator.comparing((ResultText.Line line) -> rank(line.target())).thenComparing(ResultText.Line::target)
                        .thenComparing(ResultText.Line::when)).toList();
    }

    /// Saturation first, then by rate.
    private static List<String> loads(List<ResultText.Line> lines) {
        var others = new TreeSet<>(Comparator.comparingInt(HistoryPage::size).thenComparing(Comparator.naturalOrder()));
        lines.forEach(line -> others.add(line.load()));
        return List.copyOf(others);
    }

    private static int size(String load) {
        String digits = load.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? -1 : Integer.parseInt(digits);
    }

    private static List<String> targets(List<ResultText.Line> lines) {
        return lines.stream().map(ResultText.Line::target).distinct()
                .sorted(Comparator.comparing(HistoryPage::rank).thenComparing(Comparator.naturalOrder())).toList();
    }

    private static int rank(String target) {
        int at = TARGETS.indexOf(target);
        return at < 0 ? TARGETS.size() : at;
    }

    private static String ratio(double own, double other) {
        return Double.isFinite(own) && Double.isFinite(other) && other > 0 ? String.format(Locale.ROOT, "%.2f", own / other)
                : "none";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String template() {
        try (InputStream in = HistoryPage.class.getResourceAsStream("history.html")) {
            if (in == null) {
                throw new IllegalStateException("history.html is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

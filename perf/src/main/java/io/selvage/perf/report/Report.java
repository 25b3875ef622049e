package io.selvage.perf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/// The result of a command.
///
/// @param conclusions sentences for the reader
public record Report(String title, ReportFacts facts, List<Series> series, List<String> conclusions) {
    private static final int TICKS_PER_HALF = 5;
    private static final Map<String, Double> PERCENTILES = new LinkedHashMap<>();

    static {
        PERCENTILES.put("p50", 50.0);
        PERCENTILES.put("p90", 90.0);
        PERCENTILES.put("p99", 99.0);
        PERCENTILES.put("p99.9", 99.9);
        PERCENTILES.put("max", 100.0);
    }

    public Report {
        series = List.copyOf(series);
        conclusions = List.copyOf(conclusions);
    }

    /// The report as tables in plain text, one for each group.
    public String table() {
        var text = new StringBuilder();
        Map<String, List<Series>> groups = series.stream()
                .collect(Collectors.groupingBy(Series::group, LinkedHashMap::new, Collectors.toList()));
        groups.forEach((group, members) -> {
            var head = new ArrayList<>(List.of(group, "answers/s"));
            head.addAll(PERCENTILES.keySet());
            members.getFirst().figures().keySet().forEach(head::add);
            head.add("errors");
            var rows = new ArrayList<List<String>>();
            rows.add(head);
            members.forEach(each -> rows.add(row(each)));
            text.append(Figures.columns(rows)).append('\n');
        });
        conclusions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// The report as a text for keeping: the tables with the facts that a later reader needs.
    public String text() {
        var text = new StringBuilder(title).append("\n\n").append(table()).append('\n');
        facts.lines().forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-8s %s%n", name, value)));
        return text.toString();
    }

    /// The report as JSON. Times are in nanoseconds.
    public String json() {
        var all = new LinkedHashMap<String, Object>();
        all.put("title", title);
        all.put("facts", facts.lines());
        all.put("conclusions", conclusions);
        all.put("series", series.stream().map(Report::tree).toList());
        return Json.write(all);
    }

    private static List<String> row(Series each) {
        var row = new ArrayList<>(List.of(each.name(), Figures.number(each.perSecond())));
        PERCENTILES.values().forEach(p -> row.add(Figures.time(each.response().getValueAtPercentile(p))));
        each.figures().values().forEach(figure -> row.add(Figures.number(figure)));
        String kinds = each.counts().problems().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(problem -> problem.getValue() + " " + problem.getKey().words()).collect(Collectors.joining(", "));
        row.add(kinds.isEmpty() ? "0" : kinds);
        return row;
    }

    private static Map<String, Object> tree(Series each) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("group", each.group());
        tree.put("name", each.name());
        tree.put("perSecond", each.perSecond());
        tree.put("answered", each.counts().answered());
        tree.put("bytes", each.counts().bytes());
        tree.put("errors", each.counts().problems().entrySet().stream()
                .collect(Collectors.toMap(problem -> problem.getKey().words(), Map.Entry::getValue)));
        tree.put("figures", each.figures());
        tree.put("response", percentiles(each.response()));
        tree.put("service", percentiles(each.service()));
        tree.put("responseCurve", curve(each.response()));
        tree.put("serviceCurve", curve(each.service()));
        tree.put("moments", each.moments().stream().map(moment -> List.of(moment.atSeconds(), moment.perSecond(), moment.p50(),
                moment.p99(), moment.max(), moment.failed())).toList());
        return tree;
    }

    private static Map<String, Long> percentiles(Histogram histogram) {
        var values = new LinkedHashMap<String, Long>();
        PERCENTILES.forEach((name, p) -> values.put(name, histogram.getValueAtPercentile(p)));
        return values;
    }

    /// Points of the percentile curve: the share of slower requests, and their minimum time.
    private static List<List<Number>> curve(Histogram histogram) {
        var points = new ArrayList<List<Number>>();
        for (HistogramIterationValue each : histogram.percentiles(TICKS_PER_HALF)) {
            points.add(List.of(each.getPercentileLevelIteratedTo(), each.getValueIteratedTo()));
        }
        return points;
    }
}

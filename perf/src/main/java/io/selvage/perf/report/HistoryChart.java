package io.selvage.perf.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// A line chart in SVG: one curve for each target over the results, from zero. Each curve has its name and last value at its
/// right end and a mark of its own shape, so that it is known without its colour.
///
/// @param columns the number of results
record HistoryChart(String title, int columns, Map<String, List<Point>> curves) {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 170;
    private static final int LEFT = 8;
    private static final int RIGHT = 228;
    private static final int TOP = 10;
    private static final int BOTTOM = 160;
    private static final int LABEL_HEIGHT = 14;
    private static final List<String> MARKS = List.of("M-4-4h8v8h-8z", "M0-5L5 4H-5z", "M0-5L5 0L0 5L-5 0z", "M-5-4H5L0 5z",
            "M-5-1.500h3.500v-3.500h3v3.500h3.500v3h-3.500v3.500h-3v-3.500h-3.500z");

    /// A value of a result.
    ///
    /// @param column the number of the result, from 0
    /// @param source date and commit
    record Point(int column, double value, String source) {
    }

    String svg() {
        double top = curves.values().stream().flatMap(List::stream).mapToDouble(Point::value).max().orElse(1);
        top = top > 0 ? top : 1;
        var svg = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\"><title>"
                + HistoryPage.escape(title)
                + "</title><path class=\"axis\" d=\"M" + LEFT + " " + BOTTOM + "H" + RIGHT + "\"/>");
        int number = 0;
        double[] labels = labels(top);
        for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
            curve(svg, curve.getKey(), curve.getValue(), number, top, labels[number]);
            number++;
        }
        return svg.append("</svg>").toString();
    }

    private void curve(StringBuilder svg, String target, List<Point> points, int number, double top, double label) {
        svg.append("<g class=\"c").append(number % MARKS.size()).append("\"><polyline points=\"");
        points.forEach(point -> svg.append(number(x(point))).append(',').append(number(y(point.value, top))).append(' '));
        svg.append("\"/>");
        for (Point point : points) {
            svg.append("<path transform=\"translate(").append(number(x(point))).append(' ').append(number(y(point.value, top)))
                    .append(")\" d=\"").append(MARKS.get(number % MARKS.size())).append("\"><title>")
                    .append(HistoryPage.escape(target + ": " + Figures.number(point.value) + " (" + point.source + ")"))
                    .append("</title></path>");
        }
        svg.append("<text x=\"").append(RIGHT + LEFT).append("\" y=\"").append(number(label)).append("\">")
                .append(HistoryPage.escape(target + " " + Figures.number(points.getLast().value))).append("</text></g>");
    }

    /// Where the labels stand: beside the last points, but not on each other.
    private double[] labels(double top) {
        double[] at = new double[curves.size()];
        List<Double> wanted = curves.values().stream().map(points -> y(points.getLast().value, top) + 4).toList();
        List<Integer> downwards = IntStream.range(0, at.length).boxed()
                .sorted(Comparator.comparing(wanted::get)).toList();
        double next = 0;
        for (int each : downwards) {
            at[each] = Math.max(wanted.get(each), next);
            next = at[each] + LABEL_HEIGHT;
        }
        double over = Math.max(0, next - LABEL_HEIGHT - HEIGHT);
        for (int i = 0; i < at.length; i++) {
            at[i] -= over;
        }
        return at;
    }

    private double x(Point point) {
        return columns == 1 ? RIGHT : LEFT + (double) (RIGHT - LEFT) * point.column / (columns - 1);
    }

    private static double y(double value, double top) {
        return BOTTOM - (BOTTOM - TOP) * value / top;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

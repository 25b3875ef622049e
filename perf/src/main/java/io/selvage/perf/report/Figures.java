package io.selvage.perf.report;

import java.util.List;
import java.util.Locale;

/// Formats numbers for display.
public final class Figures {
    private Figures() {
    }

    /// Three digits and a unit: `812 µs`, `4.05 ms`, `12.0 s`.
    public static String time(double nanos) {
        if (nanos < 1e6) {
            return digits(nanos / 1e3) + " µs";
        }
        return nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    /// Three digits, or all digits before the point: `0.123`, `45.6`, `12,345`.
    public static String number(double value) {
        return Double.isNaN(value) ? "-" : digits(value);
    }

    /// A configured rate, with all its digits: `50`, `12,000`, `0.5`.
    public static String rate(double perSecond) {
        return perSecond == Math.rint(perSecond)
                ? String.format(Locale.ROOT, "%,d", (long) perSecond) : Double.toString(perSecond);
    }

    /// Formats rows as aligned columns: the first left-aligned, all others right-aligned.
    static String columns(List<List<String>> rows) {
        var text = new StringBuilder();
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String form = "%" + (column == 0 ? "-" : "") + Math.max(1, widths[column]) + "s";
                line.append(column == 0 ? "" : "  ").append(String.format(Locale.ROOT, form, row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        String form = size >= 99.95 || size == 0 ? "%,.0f" : size >= 9.995 ? "%.1f" : size >= 0.9995 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }
}

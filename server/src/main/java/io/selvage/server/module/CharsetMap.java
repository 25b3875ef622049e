package io.selvage.server.module;

import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.transform.CharsetMaps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A line of `charset_map`: how the characters of one character set become those of another, and back.
///
/// @param characters as in [CharsetMaps.Table]
record CharsetMap(String from, String to, Map<Integer, Integer> characters) {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// All conversions, of which each pair of character sets has at most one.
    static List<CharsetMap> readAll(List<Line> lines) {
        List<CharsetMap> maps = new ArrayList<>();
        for (Line line : lines) {
            CharsetMap map = read(line);
            if (maps.stream().anyMatch(other -> other.isBetween(map.from, map.to))) {
                line.problem("duplicate \"charset_map\" between \"" + map.from + "\" and \"" + map.to + "\"");
            }
            maps.add(map);
        }
        return List.copyOf(maps);
    }

    private static CharsetMap read(Line line) {
        String from = line.argument(0).text();
        String to = line.argument(1).text();
        if (from.equalsIgnoreCase(to)) {
            line.problem("\"charset_map\" between the same charsets \"" + from + "\" and \"" + to + "\"");
        }
        if (isUtf8(from)) {
            line.argument(0).refuse("a character set of one byte for each character here; \"" + from + "\" stands second");
        }
        return new CharsetMap(from, to, rows(line, isUtf8(to)));
    }

    private static Map<Integer, Integer> rows(Line line, boolean toUtf8) {
        Map<Integer, Integer> characters = new TreeMap<>();
        for (Directive row : line.directive().block()) {
            int key = number(row.name().text());
            int value = row.arguments().size() == 1 ? value(row.arguments().getFirst().text(), toUtf8) : -1;
            if (key < 0 || value < 0) {
                line.scope().problem(row.position(), "\"charset_map\" needs two hexadecimal numbers in a line");
            } else {
                characters.put(key, value);
            }
        }
        return Map.copyOf(characters);
    }

    private static boolean isUtf8(String name) {
        return name.equalsIgnoreCase(CharsetMaps.UTF_8);
    }

    private static int value(String text, boolean utf8) {
        if (!utf8) {
            return number(text);
        }
        if (!text.matches("([0-9a-fA-F]{2})+")) {
            return -1;
        }
        String decoded = new String(HEX.parseHex(text), StandardCharsets.UTF_8);
        return decoded.length() == 1 && decoded.charAt(0) != '\ufffd' ? decoded.charAt(0) : -1;
    }

    /// Below 0 for anything but one or two hexadecimal digits.
    private static int number(String text) {
        return text.matches("[0-9a-fA-F]{1,2}") ? Integer.parseInt(text, 16) : -1;
    }

    static List<Directive> writeAll(String directive, List<CharsetMap> maps) {
        return maps.stream().map(map -> Directive.block(directive, List.of(map.from, map.to), map.writtenRows())).toList();
    }

    private List<Directive> writtenRows() {
        List<Directive> rows = new ArrayList<>();
        new TreeMap<>(characters).forEach((key, value) ->
                rows.add(Directive.of(hex(key), List.of(isUtf8(to) ? utf8(value) : hex(value)))));
        return rows;
    }

    private static String hex(int value) {
        return HEX.toHexDigits((byte) value);
    }

    private static String utf8(int codePoint) {
        return HEX.formatHex(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }

    boolean isBetween(String one, String other) {
        return from.equalsIgnoreCase(one) && to.equalsIgnoreCase(other)
                || from.equalsIgnoreCase(other) && to.equalsIgnoreCase(one);
    }

    CharsetMaps.Table table() {
        return new CharsetMaps.Table(from, to, characters);
    }
}

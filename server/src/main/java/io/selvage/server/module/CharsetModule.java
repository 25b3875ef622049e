package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.Template;
import io.selvage.server.transform.CharsetFilter;
import io.selvage.server.transform.CharsetMaps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The character set of responses.
final class CharsetModule implements Module {
    private static final String TEXT_HTML = "text/html";

    /// The conversions.
    record CharsetMapSettings(
            @Setting(value = "charset_map", doc = "Declares the conversion between two character sets.") List<CharsetMap> maps) {
        CharsetMapSettings {
            maps = List.copyOf(maps);
        }
    }

    record CharsetSettings(
            @Setting(value = "charset off", also = "if",
                    doc = "Names the character set of responses, and converts bodies that have another one.") CharsetName charset,
            @Setting(value = "source_charset off", also = "if",
                    doc = "Sets the character set of bodies whose type names none.") CharsetName source,
            @Setting(value = "override_charset off", also = "if",
                    doc = "Converts responses of peers that name another character set.") boolean override,
            @Setting(value = "charset_types text/html text/xml text/plain text/vnd.wap.wml application/javascript "
                    + "application/rss+xml", doc = "Sets the media types whose character set is named; `*` for all.")
                    MediaTypeSet types) {
    }

    /// A name, or a variable whose value is one; nothing for `off`.
    record CharsetName(Optional<Template> name) {
        static CharsetName read(Argument argument) {
            return new CharsetName(argument.is("off") ? Optional.empty() : Optional.of(argument.template()));
        }

        String written() {
            return name.map(Template::toString).orElse("off");
        }

        /// Empty for `off` and for a variable.
        String literal() {
            return name.filter(Template::isLiteral).map(Template::start).orElse("");
        }
    }

    /// `charset_map`
    ///
    /// @param characters as in [CharsetMaps.Table]
    record CharsetMap(String from, String to, Map<Integer, Integer> characters) {
        private static final int MOST_CODE_POINT = 0xffff;

        static CharsetMap read(Line line) {
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
                int key = number(row.name().text(), 2);
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
                return number(text, 2);
            }
            if (text.length() % 2 != 0) {
                return -1;
            }
            byte[] bytes = new byte[text.length() / 2];
            for (int i = 0; i < bytes.length; i++) {
                int next = number(text.substring(2 * i, 2 * i + 2), 2);
                if (next < 0) {
                    return -1;
                }
                bytes[i] = (byte) next;
            }
            String decoded = new String(bytes, StandardCharsets.UTF_8);
            return decoded.length() == 1 && decoded.charAt(0) != '\ufffd' ? decoded.charAt(0) : -1;
        }

        /// Below 0 for anything but one or two hexadecimal digits.
        private static int number(String text, int most) {
            return text.matches("[0-9a-fA-F]{1," + most + "}") ? Integer.parseInt(text, 16) : -1;
        }

        List<Directive> write(String directive) {
            List<Directive> rows = new ArrayList<>();
            new TreeMap<>(characters).forEach((key, value) ->
                    rows.add(Directive.of(String.format("%02X", key), List.of(isUtf8(to) ? utf8(value) : hex(value)))));
            return List.of(Directive.block(directive, List.of(from, to), rows));
        }

        private static String hex(int value) {
            return String.format("%02X", value);
        }

        private static String utf8(int codePoint) {
            StringBuilder digits = new StringBuilder();
            for (byte each : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                digits.append(hex(each & 0xff));
            }
            return digits.toString();
        }

        private boolean isBetween(String one, String other) {
            return from.equalsIgnoreCase(one) && to.equalsIgnoreCase(other)
                    || from.equalsIgnoreCase(other) && to.equalsIgnoreCase(one);
        }

        private CharsetMaps.Table table() {
            return new CharsetMaps.Table(from, to, characters);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(CharsetMapSettings.class, Contexts.HTTP)
                .settings(CharsetSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(CharsetName.class, Codec.word(CharsetName::read, CharsetName::written))
                .codec(MediaTypeSet.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(), CharsetModule::types,
                        CharsetModule::write))
                .collection(CharsetMap.class, Codec.lines(Shape.of(2, 2).repeated().opening(Shape.Inside.ANYTHING),
                        CharsetModule::maps, CharsetModule::write))
                .check(main -> main.inside(Contexts.HTTP).forEach(http -> check(http, http.get(CharsetMapSettings.class).maps)));
    }

    @Override
    public void assemble(LocationBuilder location) {
        CharsetSettings set = location.get(CharsetSettings.class);
        boolean byPeer = location.obeys("x-accel-charset");
        if (set.charset.name.isPresent() || byPeer) {
            CharsetMaps maps = new CharsetMaps(
                    location.http(CharsetMapSettings.class).maps.stream().map(CharsetMap::table).toList());
            location.responseFilter(new CharsetFilter(
                    new CharsetFilter.Rules(set.charset.name, set.source.name, set.override, set.types, byPeer), maps,
                    location.errorLog()));
        }
    }

    /// Media types, to which `text/html` always belongs.
    private static MediaTypeSet types(List<Line> lines) {
        Set<String> types = new TreeSet<>(Set.of(TEXT_HTML));
        for (Line line : lines) {
            line.arguments().forEach(type -> types.add(type.text().toLowerCase(Locale.ROOT)));
        }
        return new MediaTypeSet(types);
    }

    private static List<Directive> write(String name, MediaTypeSet types) {
        return List.of(Directive.of(name, types.names().stream().sorted().toList()));
    }

    private static List<CharsetMap> maps(List<Line> lines) {
        List<CharsetMap> maps = new ArrayList<>();
        for (Line line : lines) {
            CharsetMap map = CharsetMap.read(line);
            if (maps.stream().anyMatch(other -> other.isBetween(map.from, map.to))) {
                line.problem("duplicate \"charset_map\" between \"" + map.from + "\" and \"" + map.to + "\"");
            }
            maps.add(map);
        }
        return List.copyOf(maps);
    }

    private static List<Directive> write(String name, List<CharsetMap> maps) {
        return maps.stream().flatMap(map -> map.write(name).stream()).toList();
    }

    /// Reports a conversion that has no table, where no request is needed to know that.
    private static void check(Section section, List<CharsetMap> maps) {
        CharsetSettings set = section.get(CharsetSettings.class);
        String from = set.source.literal();
        String to = set.charset.literal();
        if (!from.isEmpty() && !to.isEmpty() && !from.equalsIgnoreCase(to)
                && maps.stream().noneMatch(map -> map.isBetween(from, to))) {
            section.line().problem("no \"charset_map\" between the charsets \"" + from + "\" and \"" + to + "\"");
        }
        section.inside(Contexts.SERVER).forEach(inner -> check(inner, maps));
        section.inside(Contexts.LOCATION).forEach(inner -> check(inner, maps));
    }
}

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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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

    @Override
    public Directives directives() {
        return new Directives()
                .settings(CharsetMapSettings.class, Contexts.HTTP)
                .settings(CharsetSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(CharsetName.class, Codec.word(CharsetName::read, CharsetName::written))
                .codec(MediaTypeSet.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(), CharsetModule::types,
                        CharsetModule::write))
                .collection(CharsetMap.class, Codec.lines(Shape.of(2, 2).repeated().opening(Shape.Inside.ANYTHING),
                        CharsetMap::readAll, CharsetMap::writeAll))
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

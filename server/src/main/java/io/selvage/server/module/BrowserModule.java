package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.http.FilterResult;
import io.selvage.server.route.BrowserRules;
import io.selvage.server.route.BrowserRules.Browser;
import io.selvage.server.route.BrowserRules.Modern;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Modern and ancient browsers.
final class BrowserModule implements Module {
    private static final String NETSCAPE = "netscape4";

    record BrowserSettings(
            @Setting(value = "modern_browser", doc = "Names a browser that is modern from a version on, or `unlisted`.")
                    List<ModernLine> modern,
            @Setting(value = "ancient_browser", doc = "Names texts in `User-Agent` that make a browser ancient.")
                    List<String> ancient,
            @Setting(value = "modern_browser_value 1", doc = "Sets the value of `$modern_browser`.") String modernValue,
            @Setting(value = "ancient_browser_value 1", doc = "Sets the value of `$ancient_browser`.") String ancientValue) {
        BrowserSettings {
            modern = List.copyOf(modern);
            ancient = List.copyOf(ancient);
        }
    }

    /// `modern_browser`; nothing for `unlisted`.
    record ModernLine(Optional<Modern> modern) implements Printable {
        static ModernLine read(Line line) {
            Argument name = line.argument(0);
            if (line.count() == 1) {
                if (!name.is("unlisted")) {
                    name.refuse("a version behind it, or \"unlisted\"");
                }
                return new ModernLine(Optional.empty());
            }
            Optional<Browser> browser = BrowserRules.named(name.text());
            if (browser.isEmpty()) {
                name.refuse("\"msie\", \"gecko\", \"opera\", \"safari\" or \"konqueror\"");
            }
            Argument version = line.argument(1);
            if (!version.text().matches("[0-9]+(\\.[0-9]+){0,3}")) {
                version.refuse("a version");
            }
            return new ModernLine(Optional.of(new Modern(browser.orElse(Browser.MSIE), version.text())));
        }

        @Override
        public List<String> words() {
            return modern.map(each -> List.of(each.browser().name().toLowerCase(Locale.ROOT), each.least()))
                    .orElse(List.of("unlisted"));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(BrowserSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(ModernLine.class, Codec.line(1, 2, ModernLine::read));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "modern_browser", BrowserRules::modern,
                "ancient_browser", BrowserRules::ancient,
                "msie", BrowserRules::msie));
    }

    @Override
    public void assemble(LocationBuilder location) {
        BrowserSettings set = location.get(BrowserSettings.class);
        if (set.modern.isEmpty() && set.ancient.isEmpty() && set.ancientValue.equals("1")) {
            return;
        }
        BrowserRules rules = new BrowserRules(set.modern.stream().flatMap(line -> line.modern.stream()).toList(),
                set.modern.contains(new ModernLine(Optional.empty())),
                set.ancient.stream().filter(text -> !text.equals(NETSCAPE)).toList(), set.ancient.contains(NETSCAPE),
                set.modernValue, set.ancientValue);
        location.rewrite((exchange, _) -> {
            rules.apply(exchange);
            return FilterResult.CONTINUE;
        });
    }
}

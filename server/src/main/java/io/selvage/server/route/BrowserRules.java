package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tells modern browsers from ancient ones by their `User-Agent`, as nginx does.
///
/// @param modern browsers with the least version of a modern one (`modern_browser`)
/// @param unlisted whether other browsers are modern
/// @param ancient texts in the field that make a browser ancient (`ancient_browser`)
/// @param netscape4 whether Mozilla 1 to 4 is ancient
/// @param modernValue of `$modern_browser`
/// @param ancientValue of `$ancient_browser`
public record BrowserRules(List<Modern> modern, boolean unlisted, List<String> ancient, boolean netscape4, String modernValue,
        String ancientValue) {
    private static final String ONE = "1";
    private static final BrowserRules NONE = new BrowserRules(List.of(), false, List.of(), false, ONE, ONE);
    private static final Pattern OLD_MOZILLA = Pattern.compile("Mozilla/[1-4].*", Pattern.DOTALL);
    private static final int MOST_DIGITS = 9;

    /// How a browser names itself in the field.
    public enum Browser {
        OPERA("Opera ", 0),
        MSIE("MSIE ", "Mozilla/4.0 (compatible; ".length()),
        KONQUEROR("Konqueror/", "Mozilla/5.0 (compatible; ".length()),
        GECKO("rv:", "Mozilla/5.0 (".length()),
        SAFARI("Safari/", "Mozilla/5.0 (Macintosh; U; PPC Mac OS X; ".length());

        private final String mark;
        private final int from;

        Browser(String mark, int from) {
            this.mark = mark;
            this.from = from;
        }
    }

    /// @param least the version as it is written
    public record Modern(Browser browser, String least) {
    }

    /// The rules of an exchange's location.
    private static final class Current {
        private Optional<BrowserRules> rules = Optional.empty();
    }

    public BrowserRules {
        modern = modern.stream().sorted(Comparator.comparingInt(each -> each.browser.from)).toList();
        ancient = List.copyOf(ancient);
    }

    /// Makes these the rules of an exchange.
    public void apply(Exchange exchange) {
        exchange.state(Current.class, Current::new).rules = Optional.of(this);
    }

    /// `$modern_browser`
    public static Optional<String> modern(Exchange exchange) {
        BrowserRules rules = current(exchange);
        return rules.isModern(exchange.headers()) ? Optional.of(rules.modernValue) : Optional.empty();
    }

    /// `$ancient_browser`
    public static Optional<String> ancient(Exchange exchange) {
        BrowserRules rules = current(exchange);
        return rules.isModern(exchange.headers()) ? Optional.empty() : Optional.of(rules.ancientValue);
    }

    /// `$msie`
    public static Optional<String> msie(Exchange exchange) {
        String agent = exchange.headers().first("User-Agent").orElse("");
        return agent.contains("MSIE ") && !agent.contains("Opera") ? Optional.of(ONE) : Optional.empty();
    }

    private static BrowserRules current(Exchange exchange) {
        return exchange.state(Current.class).flatMap(current -> current.rules).orElse(NONE);
    }

    boolean isModern(Headers fields) {
        Optional<String> field = fields.first("User-Agent");
        if (field.isEmpty()) {
            return unlisted;
        }
        String agent = field.get();
        for (Modern each : modern) {
            int at = agent.indexOf(each.browser.mark, each.browser.from);
            if (at >= 0) {
                return version(agent.substring(at + each.browser.mark.length())) >= version(each.least);
            }
        }
        return unlisted && ancient.stream().noneMatch(agent::contains) && !(netscape4 && OLD_MOZILLA.matcher(agent).matches());
    }

    /// Up to four numbers with points between them as one number; what follows them does not count.
    static long version(String text) {
        long version = 0;
        long scale = 1_000_000;
        int at = 0;
        while (at < text.length() && scale > 0) {
            int end = at;
            while (end < text.length() && Character.isDigit(text.charAt(end)) && end - at < MOST_DIGITS) {
                end++;
            }
            version += end == at ? 0 : Long.parseLong(text.substring(at, end)) * scale;
            scale /= 100;
            if (end >= text.length() || text.charAt(end) != '.') {
                break;
            }
            at = end + 1;
        }
        return version;
    }

    /// The browser of a name.
    public static Optional<Browser> named(String name) {
        for (Browser browser : Browser.values()) {
            if (browser.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(browser);
            }
        }
        return Optional.empty();
    }
}

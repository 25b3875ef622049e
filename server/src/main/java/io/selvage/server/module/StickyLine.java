package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.HttpDate;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.Sticky;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `sticky`
///
/// Two are equal when they are written the same.
///
/// @param words as they are written, without the name of the directive
/// @param kind how the requests of a client are bound
record StickyLine(List<String> words, Kind kind) implements Printable {
    /// For a session, with what the map needs for it.
    private static final int BYTES_A_SESSION = 256;
    private static final Set<String> SAME_SITE = Set.of("strict", "lax", "none");
    private static final String FAR = "Thu, 31-Dec-37 23:55:55 GMT";
    private static final long TEN_YEARS = 315_360_000;

    StickyLine {
        words = List.copyOf(words);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StickyLine line && words.equals(line.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    /// How the requests of a client are bound.
    sealed interface Kind {
        Sticky sticky(ServerState state);
    }

    /// @param value of the cookie in a request
    /// @param attributes by name, in the order in which they are sent; an empty text for a flag
    private record InCookie(Text value, String name, Map<String, Template> attributes) implements Kind {
        @Override
        public Sticky sticky(ServerState state) {
            return new Sticky.InCookie(value, name, this::written);
        }

        private String written(Exchange exchange) {
            StringBuilder text = new StringBuilder();
            attributes.forEach((attribute, template) -> {
                String argument = template.apply(exchange);
                switch (attribute) {
                    case "expires" -> text.append(expires(argument));
                    case "secure", "httponly" -> text.append("; ").append(attribute);
                    case "samesite" -> text.append(argument.isEmpty() ? "" : "; samesite=" + sameSite(argument));
                    default -> text.append(argument.isEmpty() ? "" : "; " + attribute + "=" + argument);
                }
            });
            return text.toString();
        }

        /// The strictest value stands for one that a variable got wrong.
        private static String sameSite(String value) {
            return SAME_SITE.contains(value) ? value : "strict";
        }

        private static String expires(String time) {
            if (time.equals("max")) {
                return "; expires=" + FAR + "; max-age=" + TEN_YEARS;
            }
            long seconds = Values.millis(time).orElse(0) / 1000;
            String date = HttpDate.format(System.currentTimeMillis() / 1000 + seconds);
            return "; expires=" + date.substring(0, 7) + "-" + date.substring(8, 11) + "-" + date.substring(14)
                    + "; max-age=" + seconds;
        }
    }

    private record Routed(List<Text> routes) implements Kind {
        @Override
        public Sticky sticky(ServerState state) {
            return new Sticky.Routed(routes);
        }
    }

    /// @param zone identifies the sessions, which outlive a configuration
    private record Learned(List<Text> create, List<Text> lookup, Zone zone, boolean early) implements Kind {
        @Override
        public Sticky sticky(ServerState state) {
            return new Sticky.Learned(create, lookup, state.keep(Sticky.Sessions.class, zone,
                    key -> new Sticky.Sessions(Math.max(1, key.bytes / BYTES_A_SESSION), key.timeout)), early);
        }
    }

    private record Zone(String name, long bytes, Duration timeout) {
    }

    static StickyLine read(Line line) {
        Argument method = line.argument(0);
        List<String> words = line.arguments().stream().map(Argument::text).toList();
        Kind kind = switch (method.text()) {
            case "cookie" -> cookie(line);
            case "route" -> new Routed(texts(line.argumentsFrom(1)));
            case "learn" -> learn(line);
            default -> {
                method.refuse("\"cookie\", \"route\" or \"learn\"");
                yield new Routed(List.of());
            }
        };
        return new StickyLine(words, kind);
    }

    private static List<Text> texts(List<Argument> arguments) {
        return arguments.stream().<Text>map(Argument::template).toList();
    }

    private static Kind cookie(Line line) {
        Argument name = line.argument(1);
        Map<String, Template> given = new LinkedHashMap<>();
        for (Argument argument : line.argumentsFrom(2)) {
            switch (argument.word().key()) {
                case "expires" -> {
                    if (!argument.option().is("max")) {
                        argument.option().time();
                    }
                    given.put("expires", Template.literal(argument.option().text()));
                }
                case "domain", "path" -> given.put(argument.word().key(), argument.option().template());
                case "samesite" -> {
                    String value = argument.option().text();
                    if (!value.contains("$") && !SAME_SITE.contains(value)) {
                        argument.option().refuse("\"strict\", \"lax\" or \"none\"");
                    }
                    given.put("samesite", argument.option().template());
                }
                case "secure", "httponly" -> given.put(argument.text(), Template.EMPTY);
                default -> argument.unknown();
            }
        }
        String cookie = name.name();
        return new InCookie(exchange -> FieldValues.cookie(exchange.headers(), cookie).orElse(""), cookie, inOrder(given));
    }

    private static Map<String, Template> inOrder(Map<String, Template> given) {
        Map<String, Template> ordered = new LinkedHashMap<>();
        for (String attribute : List.of("expires", "domain", "path", "secure", "httponly", "samesite")) {
            Template value = given.get(attribute);
            if (value != null) {
                ordered.put(attribute, value);
            }
        }
        return ordered;
    }

    private static Kind learn(Line line) {
        List<Text> create = new ArrayList<>();
        List<Text> lookup = new ArrayList<>();
        Zone zone = new Zone("", 0, Duration.ofMinutes(10));
        boolean early = false;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "create" -> create.add(argument.option().template());
                case "lookup" -> lookup.add(argument.option().template());
                case "zone" -> zone = zone(argument.option(), zone.timeout);
                case "timeout" -> zone = new Zone(zone.name, zone.bytes, argument.option().time());
                case "header" -> early = true;
                case "sync" -> argument.notBuilt();
                default -> argument.unknown();
            }
        }
        if (create.isEmpty() || lookup.isEmpty() || zone.name.isEmpty()) {
            line.problem("\"sticky learn\" needs \"create\", \"lookup\" and \"zone\"");
        }
        return new Learned(create, lookup, zone, early);
    }

    private static Zone zone(Argument argument, Duration timeout) {
        int colon = argument.text().indexOf(':');
        if (colon <= 0) {
            argument.refuse("NAME:SIZE");
            return new Zone("", 0, timeout);
        }
        return new Zone(argument.text().substring(0, colon), argument.with(argument.text().substring(colon + 1)).size(), timeout);
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Regex;
import io.selvage.server.route.ComputedVariable;
import io.selvage.server.route.SiteName;
import io.selvage.server.route.ValidReferers;
import java.util.List;
import java.util.Map;

/// The sites from which links may lead to a location (`valid_referers`).
final class RefererModule implements Module {

    record RefererSettings(
            @Setting(value = "valid_referers", in = "server location",
                    doc = "Lists the values of `Referer` for which `$invalid_referer` is empty.") Referers valid) {
    }

    /// `valid_referers`
    ///
    /// @param words as they are written; none if the directive is not
    record Referers(List<Referer> words) {
        Referers {
            words = List.copyOf(words);
        }

        private boolean has(String word) {
            return words.stream().anyMatch(referer -> referer.written.equals(word));
        }
    }

    /// @param written `none`, `blocked`, `server_names`, an expression behind `~`, or a host and the beginning of a path
    record Referer(String written, Kind kind) {
    }

    /// What a word adds.
    sealed interface Kind {
        record Word() implements Kind {
        }

        record Expression(Regex regex) implements Kind {
        }

        record Host(SiteName name, String path) implements Kind {
        }
    }

    @Override
    public Directives directives() {
        Shape shape = Shape.of(1, Integer.MAX_VALUE).repeated();
        return new Directives()
                .settings(RefererSettings.class, Contexts.SERVER, Contexts.LOCATION)
                .codec(Referers.class, Codec.lines(shape, RefererModule::read, RefererModule::write));
    }

    private static Referers read(List<Line> lines) {
        List<Argument> words = lines.stream().flatMap(line -> line.arguments().stream()).toList();
        Referers referers = new Referers(words.stream().map(RefererModule::referer).toList());
        ValidReferers valid = new ValidReferers(false, false);
        for (int i = 0; i < words.size(); i++) {
            if (!add(valid, referers.words.get(i))) {
                words.get(i).problem("conflicting parameter \"" + words.get(i).text() + "\" of \"valid_referers\"");
            }
        }
        if (!lines.isEmpty() && valid.isEmpty() && !referers.has("server_names")) {
            lines.getLast().problem("\"valid_referers\" has no valid referer beside \"none\" and \"blocked\"");
        }
        return referers;
    }

    private static boolean add(ValidReferers valid, Referer referer) {
        return switch (referer.kind) {
            case Kind.Word() -> true;
            case Kind.Expression(var regex) -> {
                valid.add(regex);
                yield true;
            }
            case Kind.Host(var name, var path) -> valid.add(name, path);
        };
    }

    private static Referer referer(Argument argument) {
        String text = argument.text();
        if (text.equals("none") || text.equals("blocked") || text.equals("server_names")) {
            return new Referer(text, new Kind.Word());
        }
        if (text.startsWith("~")) {
            return new Referer(text, new Kind.Expression(Regexes.read(argument.with(text.substring(1)), true)));
        }
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        try {
            return new Referer(text, new Kind.Host(SiteName.parse(host), slash < 0 ? "" : text.substring(slash)));
        } catch (IllegalArgumentException _) {
            argument.problem("invalid host name or wildcard \"" + host + "\" in \"valid_referers\"");
            return new Referer(text, new Kind.Word());
        }
    }

    private static List<Directive> write(String name, Referers referers) {
        return referers.words.isEmpty() ? List.of()
                : List.of(Directive.of(name, referers.words.stream().map(Referer::written).toList()));
    }

    @Override
    public void assemble(LocationBuilder location) {
        Referers referers = location.get(RefererSettings.class).valid;
        if (!referers.words.isEmpty()) {
            ValidReferers valid = new ValidReferers(referers.has("none"), referers.has("blocked"));
            referers.words.forEach(referer -> add(valid, referer));
            if (referers.has("server_names")) {
                location.site(ServerModule.SiteSettings.class).names().forEach(name -> valid.add(name, ""));
            }
            location.value(valid);
        }
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of("invalid_referer", new ComputedVariable("invalid_referer", true, RefererModule::invalid)));
    }

    private static String invalid(Exchange exchange) {
        return exchange.routing().values().get(ValidReferers.class).map(valid -> valid.isValid(exchange) ? "" : "1").orElse("");
    }
}

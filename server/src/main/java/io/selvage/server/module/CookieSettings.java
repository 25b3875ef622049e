package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.CookieRules;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.ValueRewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How the cookies of responses are changed.
record CookieSettings(
        @Setting(value = "proxy_cookie_domain", doc = "Changes the domains of cookies in responses.") List<DomainLine> domains,
        @Setting(value = "proxy_cookie_path", doc = "Changes the paths of cookies in responses.") List<PathLine> paths,
        @Setting(value = "proxy_cookie_flags", doc = "Sets and removes flags of cookies in responses.") List<FlagsLine> flags) {
    private static final Set<String> FLAGS = Set.of("secure", "nosecure", "httponly", "nohttponly", "samesite=strict",
            "samesite=lax", "samesite=none", "nosamesite");

    CookieSettings {
        domains = List.copyOf(domains);
        paths = List.copyOf(paths);
        flags = List.copyOf(flags);
    }

    static void codecs(Directives directives) {
        directives.codec(DomainLine.class, Codec.line(1, 2, DomainLine::read))
                .codec(PathLine.class, Codec.line(1, 2, PathLine::read))
                .codec(FlagsLine.class, Codec.line(1, 4, FlagsLine::read));
    }

    CookieRules rules() {
        return new CookieRules(domains.stream().map(DomainLine::rule).toList(), paths.stream().map(PathLine::rule).toList(),
                flags.stream().map(FlagsLine::rule).toList());
    }

    /// `proxy_cookie_domain`
    record DomainLine(CookieRules.Domain rule) implements Printable {
        static DomainLine read(Line line) {
            needTwo(line);
            Argument from = line.argument(0);
            if (line.count() < 2 || from.text().startsWith("~")) {
                return new DomainLine(new CookieRules.Domain(expression(line, 1, true)));
            }
            return new DomainLine(new CookieRules.Domain(
                    new CookieRules.Whole(withoutDot(from), withoutDot(line.argument(1)))));
        }

        private static Text withoutDot(Argument domain) {
            return domain.with(domain.text().startsWith(".") ? domain.text().substring(1) : domain.text()).template();
        }

        @Override
        public List<String> words() {
            return switch (rule.rule()) {
                case CookieRules.Whole(var from, var to) -> List.of(from.toString(), to.toString());
                case RedirectRules.Matching(var from, var to) -> List.of("~" + from.source(), to.toString());
                default -> List.of();
            };
        }
    }

    /// `proxy_cookie_path`
    record PathLine(ValueRewrite rule) implements Printable {
        static PathLine read(Line line) {
            needTwo(line);
            Argument from = line.argument(0);
            if (line.count() < 2 || from.text().startsWith("~")) {
                boolean ignoreCase = from.text().startsWith("~*");
                return new PathLine(expression(line, ignoreCase ? 2 : 1, ignoreCase));
            }
            return new PathLine(new CookieRules.PathPrefix(from.template(), line.argument(1).template()));
        }

        @Override
        public List<String> words() {
            return switch (rule) {
                case CookieRules.PathPrefix(var from, var to) -> List.of(from.toString(), to.toString());
                case RedirectRules.Matching(var from, var to) ->
                    List.of((from.ignoreCase() ? "~*" : "~") + from.source(), to.toString());
                default -> List.of();
            };
        }
    }

    private static void needTwo(Line line) {
        if (line.count() < 2) {
            line.argument(0).refuse("\"off\" or two arguments");
        }
    }

    /// @param marks how many characters stand in front of the expression
    private static RedirectRules.Matching expression(Line line, int marks, boolean ignoreCase) {
        Argument from = line.argument(0);
        Text to = line.count() > 1 ? line.argument(1).template() : Template.EMPTY;
        String source = from.text().startsWith("~") ? from.text().substring(marks) : "";
        return new RedirectRules.Matching(Regexes.read(from.with(source), ignoreCase), to);
    }

    /// `proxy_cookie_flags`
    record FlagsLine(CookieRules.Flags rule) implements Printable {
        static FlagsLine read(Line line) {
            Argument cookie = line.argument(0);
            List<Text> flags = new ArrayList<>();
            for (Argument argument : line.argumentsFrom(1)) {
                if (!argument.text().contains("$") && !FLAGS.contains(argument.text())) {
                    argument.unknown();
                }
                flags.add(argument.template());
            }
            CookieRules.CookieName name = cookie.text().startsWith("~")
                    ? new CookieRules.Matching(Regexes.read(cookie.with(cookie.text().substring(1)), true))
                    : new CookieRules.Named(cookie.template());
            return new FlagsLine(new CookieRules.Flags(name, flags));
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>();
            words.add(switch (rule.cookies()) {
                case CookieRules.Named(var name) -> name.toString();
                case CookieRules.Matching(var expression) -> "~" + expression.source();
            });
            rule.flags().forEach(flag -> words.add(flag.toString()));
            return words;
        }
    }
}

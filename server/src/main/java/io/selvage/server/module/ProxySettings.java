package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.proxy.Http1Protocol;
import io.selvage.server.proxy.Http2Protocol;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.proxy.ProxyUrl;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.RedirectRules.Rule;
import io.selvage.server.proxy.RequestBodyOptions.Content;
import io.selvage.server.proxy.RequestFields;
import io.selvage.server.proxy.SetField;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.UpgradeProtocols;
import io.selvage.server.proxy.UpstreamProtocol;
import io.selvage.server.proxy.UriRewrite;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Peers that speak HTTP.
///
/// @param upgrade protocols to which a connection may change
/// @param method empty for the request's own
/// @param fields of the request to the peer. One whose value comes out empty is not sent
record ProxySettings(
        @Setting.Prefix("proxy") PassSettings pass,
        @Setting.Prefix("proxy") PeerTlsSettings tls,
        @Setting(value = "proxy_upgrade websocket", doc = PassSettings.UPGRADE, differs =
                "not in nginx; without it, a location that sets `Upgrade` passes on any protocol but HTTP/2, as in nginx")
                UpgradeProtocols upgrade,
        @Setting(value = "proxy_http_version 1.1", doc = "Sets the HTTP version of requests to peers.",
                differs = "the default before nginx 1.29.7 is 1.0") Spoken spoken,
        @Setting(value = "proxy_method", doc = "Sets the method of requests to peers.") Template method,
        @Setting(value = "proxy_set_header", doc = "Sets a field of requests to peers, replacing the client's.")
                List<SetField> fields,
        @Setting(value = "proxy_set_body", doc = "Sets the body of requests to peers, replacing the client's.") Content body,
        Responses responses) {
    ProxySettings {
        fields = List.copyOf(fields);
    }

    /// `proxy_http_version`
    record Spoken(Version version) {
        static Spoken read(Argument argument) {
            if (argument.is("2")) {
                return new Spoken(Version.HTTP_2);
            }
            if (!argument.is("1.0") && !argument.is("1.1")) {
                argument.refuse("\"1.0\", \"1.1\", \"2\"");
            }
            return new Spoken(argument.is("1.0") ? Version.HTTP_1_0 : Version.HTTP_1_1);
        }

        String written() {
            return version == Version.HTTP_2 ? "2" : version.toString().substring(5);
        }
    }

    /// What is changed in responses.
    ///
    /// @param redirects how `Location` and `Refresh` are changed: the first that fits; empty to leave them alone
    record Responses(
            @Setting(value = "proxy_pass_trailers off", doc = "Passes the trailers of responses on.") boolean trailers,
            @Setting(value = "proxy_redirect default", doc = "Rewrites `Location` and `Refresh` of responses.")
                    List<RedirectLine> redirects,
            CookieSettings cookies) {
        Responses {
            redirects = List.copyOf(redirects);
        }
    }

    /// `proxy_redirect`
    ///
    /// @param rule nothing for `default`, which depends on the location
    record RedirectLine(Optional<Rule> rule) implements Printable {
        static RedirectLine read(Line line) {
            Argument from = line.argument(0);
            if (line.count() == 1) {
                if (!from.is("default")) {
                    from.refuse("\"default\", \"off\" or two arguments");
                }
                return new RedirectLine(Optional.empty());
            }
            Text to = line.argument(1).template();
            if (!from.text().startsWith("~")) {
                return new RedirectLine(Optional.of(new RedirectRules.Prefix(from.template(), to)));
            }
            boolean ignoreCase = from.text().startsWith("~*");
            Argument expression = from.with(from.text().substring(ignoreCase ? 2 : 1));
            return new RedirectLine(Optional.of(new RedirectRules.Matching(Regexes.read(expression, ignoreCase), to)));
        }

        @Override
        public List<String> words() {
            return rule.map(own -> switch (own) {
                case RedirectRules.Prefix(var from, var to) -> List.of(from.toString(), to.toString());
                case RedirectRules.Matching(var from, var to) ->
                    List.of((from.ignoreCase() ? "~*" : "~") + from.source(), to.toString());
            }).orElse(List.of("default"));
        }
    }

    static void codecs(Directives directives) {
        directives.codec(Spoken.class, Codec.word(Spoken::read, Spoken::written))
                .codec(Content.class, Codec.maybe(new Content.Passed(),
                        Codec.word(text -> new Content.Written(text.template()), ProxySettings::body)))
                .codec(UpgradeProtocols.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE), ProxySettings::upgrade,
                        ProxySettings::write))
                .codec(SetField.class, Codec.line(2, 2, line -> new SetField(FieldNameArgument.read(line.argument(0)),
                        line.argument(1).template()), field -> List.of(field.name(), field.value().toString())))
                .codec(RedirectLine.class, Codec.line(1, 2, RedirectLine::read))
                .add(CookieSettings::codecs);
    }

    private static String body(Content content) {
        return content instanceof Content.Written(var text) ? text.toString() : "";
    }

    /// WebSocket and those that are named; none for `off`.
    private static UpgradeProtocols upgrade(List<Line> lines) {
        List<Argument> arguments = lines.getLast().arguments();
        Set<String> protocols = new HashSet<>(UpgradeProtocols.DEFAULT.allowed());
        for (Argument argument : arguments) {
            if (UpgradeProtocols.isHttp2(argument.text())) {
                argument.refuse("a protocol other than HTTP/2");
            }
            protocols.add(argument.text().toLowerCase(Locale.ROOT));
        }
        return arguments.getFirst().is("off") ? new UpgradeProtocols(Set.of()) : new UpgradeProtocols(protocols);
    }

    private static List<Directive> write(String name, UpgradeProtocols protocols) {
        List<String> words = protocols.allowed().stream().sorted().toList();
        return List.of(Directive.of(name, words.isEmpty() ? List.of("off") : words));
    }

    /// Passes the requests of a location to the target.
    ProxyHandler handler(LocationBuilder location, PassTarget target) {
        RequestFields passed = new RequestFields(fields, pass.requests().fields(), location.state().loopMark(),
                allowedProtocols(location));
        Text sent = method.isEmpty() ? exchange -> exchange.routing().method().name() : method;
        String matched = LocationMatch.fixedPart(location.match());
        ProxyOptions options = pass.options(location, content(),
                new PassSettings.Changes(redirectRules(location, target, matched), responses.cookies.rules(),
                        responses.trailers));
        boolean second = spoken.version == Version.HTTP_2;
        UpstreamProtocol protocol = second ? new Http2Protocol(passed, sent, true)
                : new Http1Protocol(passed, sent, spoken.version);
        TargetSelector targets = tls.secure(location, target, second ? List.of("h2") : List.of(),
                selector(location, target, matched));
        return new ProxyHandler(targets, TraceModule.traced(location, protocol), options, location.errorLog());
    }

    /// As in nginx, a location that sets `Upgrade` passes on any protocol, unless `proxy_upgrade` names some.
    private UpgradeProtocols allowedProtocols(LocationBuilder location) {
        boolean set = fields.stream().anyMatch(field -> Headers.same(field.name(), "Upgrade"));
        return set && location.section().scope().nearest(List.of("proxy_upgrade")).isEmpty() ? UpgradeProtocols.ANY : upgrade;
    }

    private Content content() {
        return body instanceof Content.Passed ? pass.requests().content() : body;
    }

    private static TargetSelector selector(LocationBuilder location, PassTarget target, String matched) {
        if (target.peers() instanceof PassTarget.Destination.Computed(var url)) {
            return target.computed(location, url);
        }
        UriRewrite rewrite = target.path().isEmpty() ? new UriRewrite.AsItCame()
                : new UriRewrite.Replacing(matched, target.path());
        return TargetSelector.of(new ProxyTarget(target.group(location),
                new ProxyUrl(target.scheme(), target.authority(), target.path()), rewrite));
    }

    private RedirectRules redirectRules(LocationBuilder location, PassTarget target, String matched) {
        if (responses.redirects.isEmpty()) {
            return RedirectRules.OFF;
        }
        List<Rule> rules = new ArrayList<>();
        for (RedirectLine line : responses.redirects) {
            if (line.rule.isPresent()) {
                rules.add(line.rule.get());
            } else if (!(target.peers() instanceof PassTarget.Destination.Computed)) {
                rules.add(RedirectRules.byDefault(target.scheme() + "://" + target.authority() + target.path(),
                        !target.path().isEmpty(), matched));
            }
        }
        return new RedirectRules(rules, location.redirectBase());
    }
}

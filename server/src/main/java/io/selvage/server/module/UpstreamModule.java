package io.selvage.server.module;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.proxy.Http1Protocol;
import io.selvage.server.proxy.NextUpstream;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.proxy.ProxyUrl;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.RedirectRules.Rule;
import io.selvage.server.proxy.RequestBodyOptions;
import io.selvage.server.proxy.RequestBodyOptions.Content;
import io.selvage.server.proxy.RequestFields;
import io.selvage.server.proxy.ResponseControls;
import io.selvage.server.proxy.SetField;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.TempFolder;
import io.selvage.server.proxy.UpgradeProtocols;
import io.selvage.server.proxy.UriRewrite;
import io.selvage.server.proxy.UwsgiParam;
import io.selvage.server.proxy.UwsgiProtocol;
import io.selvage.server.proxy.UwsgiVariables;
import io.selvage.server.proxy.VariableTarget;
import io.selvage.server.route.LoneLfFilter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Groups of peers, and passing requests to them, whatever they speak: each protocol is one prefix.
final class UpstreamModule implements Module {
    record UpstreamSettings(
            @Setting(value = "proxy_pass", in = "location", also = "if limit_except", inherited = false,
                    doc = "Passes requests to peers that speak HTTP.",
                    or = @Setting.Or(value = "uwsgi_pass", in = "location", also = "if",
                            doc = "Passes requests to peers that speak uwsgi.")) Optional<PassTarget> target,
            @Setting(value = "early_hints 1", arguments = "1+",
                    doc = "Passes interim responses of peers, such as 103, if a value is neither empty nor `0`.",
                    differs = "nginx passes none by default, and 103 only") List<Template> hints,
            ProxySettings proxy,
            UwsgiSettings uwsgi) {
        UpstreamSettings {
            hints = List.copyOf(hints);
        }

    }

    /// Which heads of clients are passed on, whatever the peers speak.
    record PassedHeads(
            @Setting(value = "pass_lone_lf off", doc = "Passes requests whose head has a line that ends with LF alone.",
                    differs = "nginx passes them; there is no such directive") boolean loneLf) {
    }

    /// Peers that speak HTTP.
    ///
    /// @param method empty for the request's own
    /// @param fields of the request to the peer. One whose value comes out empty is not sent
    /// @param redirects how `Location` and `Refresh` of responses are changed: the first that fits; empty to leave them alone
    record ProxySettings(
            @Setting.Prefix("proxy") PassSettings pass,
            @Setting(value = "proxy_http_version 1.1", doc = "Sets the HTTP version of requests to peers.",
                    differs = "the default before nginx 1.29.7 is 1.0") Version version,
            @Setting(value = "proxy_method", doc = "Sets the method of requests to peers.") Template method,
            @Setting(value = "proxy_set_header", doc = "Sets a field of requests to peers, replacing the client's.")
                    List<SetField> fields,
            @Setting(value = "proxy_set_body", doc = "Sets the body of requests to peers, replacing the client's.") Content body,
            @Setting(value = "proxy_redirect default", doc = "Rewrites `Location` and `Refresh` of responses.")
                    List<RedirectLine> redirects) {
        ProxySettings {
            fields = List.copyOf(fields);
            redirects = List.copyOf(redirects);
        }
    }

    /// Peers that speak the uwsgi protocol.
    record UwsgiSettings(
            @Setting.Prefix("uwsgi") PassSettings pass,
            @Setting(value = "uwsgi_param", doc = "Sets a variable for the application.") List<UwsgiParam> params,
            @Setting(value = "uwsgi_modifier1 0", most = 255, doc = "Sets the kind of packet; 0 for WSGI.") int modifier1,
            @Setting(value = "uwsgi_modifier2 0", most = 255,
                    doc = "Sets the second byte of the kind of packet.") int modifier2) {
        UwsgiSettings {
            params = List.copyOf(params);
        }
    }

    /// `proxy_redirect`
    ///
    /// @param rule nothing for `default`, which depends on the location
    record RedirectLine(Optional<Rule> rule) {
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

        List<String> words() {
            return rule.map(own -> switch (own) {
                case RedirectRules.Prefix(var from, var to) -> List.of(from.toString(), to.toString());
                case RedirectRules.Matching(var from, var to) ->
                    List.of((from.ignoreCase() ? "~*" : "~") + from.source(), to.toString());
            }).orElse(List.of("default"));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .block("upstream", Shape.of(1, 1).repeated(), "Defines a group of peers.", Contexts.HTTP)
                .isolate(Contexts.UPSTREAM)
                .settings(GroupSettings.class, Contexts.UPSTREAM)
                .settings(PassedHeads.class, Context.MAIN, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(UpstreamSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(PeerSpec.class, Codec.line(1, Integer.MAX_VALUE, GroupServer::read, GroupServer::words))
                .codec(Balance.class, Codec.lines(Shape.of(0, 2), Balance::read, (_, balance) -> balance.write()))
                .codec(PassTarget.class, Codec.lines(Shape.of(1, 1), PassTarget::read, (_, target) -> target.write()))
                .codec(Version.class, Codec.word(UpstreamModule::version, version -> version.toString().substring(5)))
                .codec(Content.class, Codec.maybe(new Content.Passed(),
                        Codec.word(text -> new Content.Written(text.template()), UpstreamModule::body)))
                .codec(UpgradeProtocols.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE), UpstreamModule::upgrade,
                        UpstreamModule::write))
                .codec(SetField.class, Codec.line(2, 2, line -> new SetField(line.argument(0).name(),
                        line.argument(1).template()), field -> List.of(field.name(), field.value().toString())))
                .codec(RedirectLine.class, Codec.line(1, 2, RedirectLine::read, RedirectLine::words))
                .codec(UwsgiParam.class, Codec.line(2, 3, UpstreamModule::param, UpstreamModule::words))
                .collection(NextUpstream.Condition.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(),
                        UpstreamModule::conditions, UpstreamModule::write))
                .check(main -> main.inside(Contexts.HTTP).forEach(http ->
                        GroupSettings.check(http.inside(Contexts.UPSTREAM))));
    }

    private static Version version(Argument argument) {
        if (argument.is("1.0")) {
            return Version.HTTP_1_0;
        }
        if (!argument.is("1.1")) {
            argument.refuse("\"1.0\", \"1.1\"");
        }
        return Version.HTTP_1_1;
    }

    private static String body(Content content) {
        return content instanceof Content.Written(var text) ? text.toString() : "";
    }

    private static UwsgiParam param(Line line) {
        if (line.count() > 2 && !line.argument(2).is("if_not_empty")) {
            line.argument(2).unknown();
        }
        return new UwsgiParam(line.argument(0).name(), line.argument(1).template(), line.count() > 2);
    }

    private static List<String> words(UwsgiParam param) {
        List<String> both = List.of(param.name(), param.value().toString());
        return param.ifNotEmpty() ? Stream.concat(both.stream(), Stream.of("if_not_empty")).toList() : both;
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

    /// None for `off`.
    private static Set<NextUpstream.Condition> conditions(List<Line> lines) {
        Set<NextUpstream.Condition> conditions = EnumSet.noneOf(NextUpstream.Condition.class);
        List<Argument> arguments = lines.stream().flatMap(line -> line.arguments().stream()).toList();
        for (Argument argument : arguments) {
            if (argument.is("denied")) {
                argument.notBuilt();
            } else if (!argument.is("off")) {
                conditions.add(argument.choice(NextUpstream.Condition.class));
            }
        }
        return arguments.stream().anyMatch(argument -> argument.is("off")) ? Set.of() : Set.copyOf(conditions);
    }

    private static List<Directive> write(String name, Set<NextUpstream.Condition> conditions) {
        List<String> words = conditions.stream().sorted().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
        return List.of(Directive.of(name, words.isEmpty() ? List.of("off") : words));
    }

    @Override
    public void assemble(LocationBuilder location) {
        UpstreamSettings set = location.get(UpstreamSettings.class);
        set.target.ifPresent(target -> {
            location.redirectToSlash();
            if (!location.get(PassedHeads.class).loneLf) {
                location.filter(new LoneLfFilter(location.errorLog()));
            }
            location.content(switch (target.protocol()) {
                case PROXY -> proxy(location, set.proxy, target);
                case UWSGI -> uwsgi(location, set.uwsgi, target);
            });
        });
    }

    @Override
    public Variables variables(VariableSources sources) {
        return new Variables(UpstreamValues.all(), Map.of(
                "upstream_http_", name -> exchange ->
                        exchange.upstream().peerHead().flatMap(head -> FieldValues.joined(head.headers(), name)),
                "upstream_cookie_", name -> exchange ->
                        exchange.upstream().peerHead().flatMap(head -> FieldValues.setCookie(head.headers(), name)),
                "upstream_trailer_", _ -> _ -> Optional.empty()));
    }

    private static Handler proxy(LocationBuilder location, ProxySettings set, PassTarget target) {
        RequestFields fields = new RequestFields(set.fields, set.pass.requests().fields(), location.state().loopMark(),
                set.pass.requests().upgrade());
        Text method = set.method.isEmpty() ? exchange -> exchange.routing().method().name() : set.method;
        String matched = LocationMatch.fixedPart(location.match());
        Content body = set.body instanceof Content.Passed && !set.pass.requests().body() ? new Content.Omitted() : set.body;
        ProxyOptions options = options(location, set.pass, body, redirects(location, set.redirects, target, matched));
        UriRewrite rewrite = target.path().isEmpty() ? new UriRewrite.AsItCame()
                : new UriRewrite.Replacing(matched, target.path());
        TargetSelector selector = switch (target.peers()) {
            case PassTarget.Destination.Computed(var url) -> computed(location, url);
            case PassTarget.Destination.Group _, PassTarget.Destination.Single _ -> TargetSelector.of(new ProxyTarget(
                    group(location, target), new ProxyUrl("http", target.authority(), target.path()), rewrite));
        };
        return new ProxyHandler(selector, new Http1Protocol(fields, method, set.version), options, location.errorLog());
    }

    private static Handler uwsgi(LocationBuilder location, UwsgiSettings set, PassTarget target) {
        UwsgiVariables variables =
                new UwsgiVariables(set.params, set.pass.requests().fields(), location.state().loopMark(),
                set.pass.requests().upgrade());
        Content body = set.pass.requests().body() ? new Content.Passed() : new Content.Omitted();
        TargetSelector selector = switch (target.peers()) {
            case PassTarget.Destination.Computed(var address) ->
                computed(location, exchange -> "uwsgi://" + address.apply(exchange));
            case PassTarget.Destination.Group _, PassTarget.Destination.Single _ -> TargetSelector.of(new ProxyTarget(
                    group(location, target), new ProxyUrl("uwsgi", target.peers().toString(), ""), new UriRewrite.AsItCame()));
        };
        return new ProxyHandler(selector, new UwsgiProtocol(variables, set.modifier1, set.modifier2),
                options(location, set.pass, body, RedirectRules.OFF), location.errorLog());
    }

    private static TargetSelector computed(LocationBuilder location, Text url) {
        return new VariableTarget(url, location.shared().peers().byName(), location.state().resolver(), location.state().io());
    }

    private static PeerGroup group(LocationBuilder location, PassTarget target) {
        return switch (target.peers()) {
            case PassTarget.Destination.Group(var name) -> location.shared().peers().named(name);
            case PassTarget.Destination.Single(var address) -> location.shared().peers().at(address);
            case PassTarget.Destination.Computed _ -> throw new IllegalStateException("known only when a request comes");
        };
    }

    private static ProxyOptions options(LocationBuilder location, PassSettings pass, Content body, RedirectRules redirects) {
        ServerModule.ClientBody client = location.get(ServerModule.ClientSettings.class).body();
        location.passes(pass.responses().ignoredNames());
        return new ProxyOptions(pass.timeouts().options(), pass.buffers().sizes(),
                new RequestBodyOptions(body, pass.requests().held(), (int) client.bufferSize(),
                        new TempFolder(client.folder(), client.kept())),
                pass.buffers().options(), pass.retries().options(),
                ResponseControls.of(pass.responses().ignoredNames(), intercepted(location, pass)),
                pass.responses().presentation(redirects, hints(location.get(UpstreamSettings.class).hints)),
                pass.requests().ignoreClientAbort());
    }

    private static Predicate<Exchange> hints(List<Template> values) {
        return exchange -> values.stream().map(value -> value.apply(exchange))
                .anyMatch(value -> !value.isEmpty() && !value.equals("0"));
    }

    private static IntPredicate intercepted(LocationBuilder location, PassSettings pass) {
        if (!pass.responses().interceptErrors()) {
            return _ -> false;
        }
        Set<Integer> codes = new HashSet<>();
        location.get(ErrorPageModule.ErrorPageSettings.class).pages().forEach(page -> codes.addAll(page.codes()));
        return codes::contains;
    }

    private static RedirectRules redirects(LocationBuilder location, List<RedirectLine> lines, PassTarget target,
            String matched) {
        if (lines.isEmpty()) {
            return RedirectRules.OFF;
        }
        List<Rule> rules = new ArrayList<>();
        for (RedirectLine line : lines) {
            if (line.rule.isPresent()) {
                rules.add(line.rule.get());
            } else if (!(target.peers() instanceof PassTarget.Destination.Computed)) {
                rules.add(RedirectRules.byDefault("http://" + target.authority() + target.path(), !target.path().isEmpty(),
                        matched));
            }
        }
        return new RedirectRules(rules, location.redirectBase());
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Template;
import io.selvage.server.http.Version;
import io.selvage.server.proxy.CgiParam;
import io.selvage.server.proxy.NextUpstream;
import io.selvage.server.proxy.RequestBodyOptions.Content;
import io.selvage.server.proxy.SetField;
import io.selvage.server.proxy.UpgradeProtocols;
import io.selvage.server.route.LoneLfFilter;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Groups of peers, and passing requests to them, whatever they speak: each protocol is one prefix.
final class UpstreamModule implements Module {
    record UpstreamSettings(
            @Setting(value = "proxy_pass", in = "location", also = "if limit_except", inherited = false, inParts = true,
                    doc = "Passes requests to peers that speak HTTP.",
                    or = {
                        @Setting.Or(value = "fastcgi_pass", in = "location", also = "if",
                                doc = "Passes requests to peers that speak FastCGI."),
                        @Setting.Or(value = "grpc_pass", in = "location", also = "if",
                                doc = "Passes requests to peers that speak gRPC: HTTP/2."),
                        @Setting.Or(value = "scgi_pass", in = "location", also = "if",
                                doc = "Passes requests to peers that speak SCGI."),
                        @Setting.Or(value = "uwsgi_pass", in = "location", also = "if",
                                doc = "Passes requests to peers that speak uwsgi.")
                    }) Optional<PassTarget> target,
            @Setting(value = "early_hints 1", arguments = "1+",
                    doc = "Passes interim responses of peers, such as 103, if a value is neither empty nor `0`.",
                    differs = "nginx passes none by default, and 103 only") List<Template> hints,
            ProxySettings proxy,
            FastCgiSettings fastcgi,
            GrpcSettings grpc,
            ScgiSettings scgi,
            UwsgiSettings uwsgi) {
        UpstreamSettings {
            hints = List.copyOf(hints);
        }

        /// The TLS toward the peers of a target, if its protocol has one.
        Optional<PeerTlsSettings> tls(PassTarget passed) {
            return switch (passed.protocol()) {
                case PROXY -> Optional.of(proxy.tls());
                case GRPC -> Optional.of(grpc.tls());
                case UWSGI -> Optional.of(uwsgi.tls());
                case FASTCGI, SCGI -> Optional.empty();
            };
        }
    }

    /// Which heads of clients are passed on, whatever the peers speak.
    record PassedHeads(
            @Setting(value = "pass_lone_lf off", doc = "Passes requests whose head has a line that ends with LF alone.",
                    differs = "nginx passes them; there is no such directive") boolean loneLf) {
    }

    @Override
    public Directives directives() {
        return new Directives()
                .block("upstream", Shape.of(1, 1).repeated(), "Defines a group of peers.", Contexts.HTTP)
                .isolate(Contexts.UPSTREAM)
                .settings(GroupSettings.class, Contexts.UPSTREAM)
                .settings(PassedHeads.class, Context.MAIN, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(UpstreamSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(ResolverSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION, Contexts.UPSTREAM)
                .codec(ResolverSettings.NameServers.class, Codec.line(1, Integer.MAX_VALUE, ResolverSettings.NameServers::read,
                        ResolverSettings.NameServers::words))
                .codec(GroupServer.class, Codec.line(1, Integer.MAX_VALUE, GroupServer::read, GroupServer::words))
                .codec(OutlierLine.class, Codec.line(0, Integer.MAX_VALUE, OutlierLine::read, OutlierLine::words))
                .codec(StickyLine.class, Codec.line(2, Integer.MAX_VALUE, StickyLine::read, StickyLine::words))
                .codec(QueueLine.class, Codec.line(1, 2, QueueLine::read, QueueLine::words))
                .codec(Balance.class, Codec.lines(Shape.of(0, 2), Balance::read, (_, balance) -> balance.write()))
                .codec(PassTarget.class, Codec.lines(Shape.of(1, 1), PassTarget::read, (_, target) -> target.write()))
                .codec(Version.class, Codec.word(ProxySettings::version, version -> version.toString().substring(5)))
                .codec(ProxySettings.Spoken.class, Codec.word(ProxySettings.Spoken::read, ProxySettings.Spoken::written))
                .codec(Content.class, Codec.maybe(new Content.Passed(),
                        Codec.word(text -> new Content.Written(text.template()), ProxySettings::body)))
                .codec(UpgradeProtocols.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE), UpstreamModule::upgrade,
                        UpstreamModule::write))
                .codec(SetField.class, Codec.line(2, 2, line -> new SetField(FieldNameArgument.read(line.argument(0)),
                        line.argument(1).template()), field -> List.of(field.name(), field.value().toString())))
                .codec(ProxySettings.RedirectLine.class, Codec.line(1, 2, ProxySettings.RedirectLine::read,
                        ProxySettings.RedirectLine::words))
                .codec(CookieSettings.DomainLine.class, Codec.line(1, 2, CookieSettings.DomainLine::read,
                        CookieSettings.DomainLine::words))
                .codec(CookieSettings.PathLine.class, Codec.line(1, 2, CookieSettings.PathLine::read,
                        CookieSettings.PathLine::words))
                .codec(CookieSettings.FlagsLine.class, Codec.line(1, 4, CookieSettings.FlagsLine::read,
                        CookieSettings.FlagsLine::words))
                .codec(DeliverySettings.Rate.class, Codec.word(DeliverySettings.Rate::read, DeliverySettings.Rate::written))
                .codec(DeliverySettings.Store.class, Codec.word(DeliverySettings.Store::read, DeliverySettings.Store::written))
                .codec(DeliverySettings.Access.class, Codec.line(1, 3, DeliverySettings.Access::read,
                        DeliverySettings.Access::words))
                .codec(SocketSettings.Bind.class, Codec.line(1, 2, SocketSettings.Bind::read, SocketSettings.Bind::words))
                .codec(FastCgiSettings.Split.class, Codec.word(FastCgiSettings.Split::read, split -> split.expression().source()))
                .codec(CgiParam.class, Codec.line(2, 3, UpstreamModule::param, UpstreamModule::words))
                .collection(NextUpstream.Condition.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(),
                        UpstreamModule::conditions, UpstreamModule::write))
                .codec(PeerTlsSettings.FileName.class, Codec.maybe(PeerTlsSettings.FileName.NONE,
                        Codec.word(PeerTlsSettings.FileName::read, PeerTlsSettings.FileName::written)))
                .check(main -> main.inside(Contexts.HTTP).forEach(GroupSettings::check))
                .check(main -> main.inside(Contexts.HTTP).forEach(http ->
                        new PeerTlsChecks(main.get(TlsModule.EngineSettings.class).engine()).check(http)));
    }

    private static CgiParam param(Line line) {
        if (line.count() > 2 && !line.argument(2).is("if_not_empty")) {
            line.argument(2).unknown();
        }
        return new CgiParam(line.argument(0).name(), line.argument(1).template(), line.count() > 2);
    }

    private static List<String> words(CgiParam param) {
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
        location.scripts(set.fastcgi.scripts().path());
        set.target.ifPresent(target -> {
            location.redirectToSlash();
            if (!location.get(PassedHeads.class).loneLf) {
                location.filter(new LoneLfFilter(location.errorLog()));
            }
            location.proxy(switch (target.protocol()) {
                case PROXY -> set.proxy.handler(location, target);
                case FASTCGI -> set.fastcgi.handler(location, target);
                case GRPC -> set.grpc.handler(location, target);
                case SCGI -> set.scgi.handler(location, target);
                case UWSGI -> set.uwsgi.handler(location, target);
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
                "upstream_trailer_", name -> exchange -> FieldValues.joined(exchange.upstream().peerTrailers(), name)));
    }
}

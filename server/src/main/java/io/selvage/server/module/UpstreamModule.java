package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Template;
import io.selvage.server.route.LoneLfFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
                .add(ResolverSettings::codecs)
                .add(GroupSettings::codecs)
                .add(PassSettings::codecs)
                .add(PeerTlsSettings::codecs)
                .add(ProxySettings::codecs)
                .add(CgiParams::codecs)
                .add(FastCgiSettings::codecs)
                .codec(PassTarget.class, Codec.lines(Shape.of(1, 1), PassTarget::read, (_, target) -> target.write()))
                .check(main -> main.inside(Contexts.HTTP).forEach(GroupSettings::check))
                .check(main -> main.inside(Contexts.HTTP).forEach(http ->
                        new PeerTlsChecks(main.get(TlsModule.EngineSettings.class).engine()).check(http)));
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

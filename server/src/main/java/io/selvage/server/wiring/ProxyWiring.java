package io.selvage.server.wiring;

import io.selvage.server.config.Action;
import io.selvage.server.config.LocationMatch;
import io.selvage.server.config.PassConfig;
import io.selvage.server.config.PassTarget;
import io.selvage.server.config.ProxyConfig;
import io.selvage.server.config.ProxyRedirect;
import io.selvage.server.config.SetBody;
import io.selvage.server.config.UwsgiConfig;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.proxy.BufferingOptions;
import io.selvage.server.proxy.Http1Protocol;
import io.selvage.server.proxy.NextUpstream;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.proxy.ProxyUrl;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.RequestBodyOptions;
import io.selvage.server.proxy.RequestFields;
import io.selvage.server.proxy.ResponseControls;
import io.selvage.server.proxy.ResponsePresentation;
import io.selvage.server.proxy.SetField;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.UpstreamProtocol;
import io.selvage.server.proxy.UriRewrite;
import io.selvage.server.proxy.UwsgiParam;
import io.selvage.server.proxy.UwsgiProtocol;
import io.selvage.server.proxy.UwsgiVariables;
import io.selvage.server.proxy.VariableTarget;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// The handlers of one location that pass exchanges to peers.
///
/// @param scope what the location's handlers are made from
record ProxyWiring(LocationScope scope) {

    Handler proxy(Action.Proxy action) {
        ProxyConfig config = scope.settings().proxy();
        RequestFields fields = new RequestFields(config.setHeaders().stream()
                .map(header -> new SetField(header.name(), text(header.value()))).toList(), config.pass().passRequestHeaders(),
                scope.lasting().loopMark());
        Text method = config.method().parts().isEmpty() ? exchange -> exchange.routing().method().name() : text(config.method());
        Version version = switch (config.httpVersion()) {
            case HTTP_1_0 -> Version.HTTP_1_0;
            case HTTP_1_1 -> Version.HTTP_1_1;
        };
        ProxyOptions rules = rules(config.pass(), content(config), redirects(config.redirects(), action));
        return handler(destination(action), new Http1Protocol(fields, method, version), rules);
    }

    Handler uwsgi(Action.Uwsgi action) {
        UwsgiConfig config = scope.settings().uwsgi();
        List<UwsgiParam> params = config.params().stream()
                .map(param -> new UwsgiParam(param.name(), text(param.value()), param.ifNotEmpty())).toList();
        UwsgiVariables variables = new UwsgiVariables(params, config.pass().passRequestHeaders(), scope.lasting().loopMark());
        RequestBodyOptions.Content content = config.pass().passRequestBody()
                ? new RequestBodyOptions.Content.Passed() : new RequestBodyOptions.Content.Omitted();
        return handler(uwsgiDestination(action.target()),
                new UwsgiProtocol(variables, config.modifier1(), config.modifier2()),
                rules(config.pass(), content, RedirectRules.OFF));
    }

    private Handler handler(TargetSelector destination, UpstreamProtocol protocol, ProxyOptions rules) {
        return new ProxyHandler(destination, protocol, rules, scope.errorLog());
    }

    private TargetSelector destination(Action.Proxy action) {
        return switch (action.target()) {
            case PassTarget.Computed(var url) ->
                new VariableTarget(text(url), scope.peers().byName(), scope.lasting().resolver(), scope.lasting().io());
            case PassTarget.Group _, PassTarget.Peer _ -> {
                ProxyUrl url = new ProxyUrl("http", action.authority(), action.path());
                yield TargetSelector.of(new ProxyTarget(group(action.target()), url, targetRule(action.path())));
            }
        };
    }

    private TargetSelector uwsgiDestination(PassTarget target) {
        return switch (target) {
            case PassTarget.Computed(var address) -> {
                Text named = text(address);
                yield new VariableTarget(exchange -> "uwsgi://" + named.apply(exchange), scope.peers().byName(),
                        scope.lasting().resolver(), scope.lasting().io());
            }
            case PassTarget.Group _, PassTarget.Peer _ ->
                TargetSelector.of(new ProxyTarget(group(target), new ProxyUrl("uwsgi", target.written(), ""),
                        new UriRewrite.AsItCame()));
        };
    }

    private PeerGroup group(PassTarget target) {
        return switch (target) {
            case PassTarget.Group(var name) -> scope.peers().named(name);
            case PassTarget.Peer(var address) -> scope.peers().at(address);
            case PassTarget.Computed _ -> throw new IllegalStateException("known only when a request comes");
        };
    }

    private UriRewrite targetRule(String path) {
        return path.isEmpty() ? new UriRewrite.AsItCame() : new UriRewrite.Replacing(matchedName(), path);
    }

    /// The part of a path that the location's name stands for.
    private String matchedName() {
        return switch (scope.match()) {
            case LocationMatch.Exact(var path) -> path;
            case LocationMatch.Prefix(var prefix, _) -> prefix;
            case LocationMatch.Regular _, LocationMatch.Named _, LocationMatch.Unmatched _ -> "";
        };
    }

    private RequestBodyOptions.Content content(ProxyConfig config) {
        if (config.setBody() instanceof SetBody.Instead(var template)) {
            return new RequestBodyOptions.Content.Written(text(template));
        }
        return config.pass().passRequestBody() ? new RequestBodyOptions.Content.Passed()
                : new RequestBodyOptions.Content.Omitted();
    }

    private ProxyOptions rules(PassConfig pass, RequestBodyOptions.Content content, RedirectRules redirects) {
        RequestBodyOptions upload =
                new RequestBodyOptions(content, pass.requestBuffering(), (int) scope.settings().client().bodyBufferSize(),
                scope.settings().client().bodyTempPath());
        BufferingOptions buffering = BufferingOptions.of(pass.buffering(), pass.buffers().count(), pass.buffers().size(),
                pass.maxTempFileSize(), pass.tempPath());
        return new ProxyOptions(new ProxyOptions.Timeouts(pass.connectTimeout(), pass.sendTimeout(), pass.readTimeout()),
                new ProxyOptions.BufferSizes((int) headBytes(pass), (int) pass.bufferSize()), upload, buffering, next(pass),
                ResponseControls.of(names(pass.ignoreHeaders()), intercepted(pass)),
                ResponsePresentation.of(Set.copyOf(pass.hideHeaders()), Set.copyOf(pass.passHeaders()), redirects),
                pass.ignoreClientAbort());
    }

    /// The head of an answer may fill the first buffer and those behind it.
    private static long headBytes(PassConfig pass) {
        return Math.max(pass.bufferSize(), pass.buffers().size());
    }

    private static NextUpstream next(PassConfig pass) {
        if (pass.nextUpstream().contains(PassConfig.NextUpstream.OFF)) {
            return NextUpstream.OFF;
        }
        Set<NextUpstream.Condition> conditions = EnumSet.noneOf(NextUpstream.Condition.class);
        for (PassConfig.NextUpstream condition : pass.nextUpstream()) {
            conditions.add(NextUpstream.Condition.valueOf(condition.name()));
        }
        return new NextUpstream(conditions, pass.nextUpstreamTries(), pass.nextUpstreamTimeout());
    }

    private static Set<String> names(Set<PassConfig.ObeyedHeader> headers) {
        return headers.stream().map(PassConfig.ObeyedHeader::toString).collect(Collectors.toSet());
    }

    private IntPredicate intercepted(PassConfig pass) {
        if (!pass.interceptErrors()) {
            return _ -> false;
        }
        Set<Integer> codes = new HashSet<>();
        scope.settings().errors().pages().forEach(page -> codes.addAll(page.codes()));
        return codes::contains;
    }

    private RedirectRules redirects(List<ProxyRedirect> configured, Action.Proxy action) {
        if (configured.isEmpty()) {
            return RedirectRules.OFF;
        }
        List<RedirectRules.Rule> rules = new ArrayList<>();
        for (ProxyRedirect redirect : configured) {
            switch (redirect) {
                case ProxyRedirect.Usual() -> usual(action, rules);
                case ProxyRedirect.Beginning(var from, var to) -> rules.add(new RedirectRules.Prefix(text(from), text(to)));
                case ProxyRedirect.Matching(var from, var to) ->
                    rules.add(new RedirectRules.Matching(from, text(to)));
            }
        }
        return new RedirectRules(rules, scope.redirectBase());
    }

    private void usual(Action.Proxy action, List<RedirectRules.Rule> rules) {
        if (!(action.target() instanceof PassTarget.Computed)) {
            rules.add(RedirectRules.byDefault("http://" + action.authority() + action.path(), !action.path().isEmpty(),
                    matchedName()));
        }
    }

    private Text text(io.selvage.server.config.Template template) {
        return scope.templates().text(template);
    }
}

package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Small sites, and what they answered.
final class Sample {

    private Sample() {
    }

    static Handler text(int status, String text) {
        return _ -> new Reply(new ResponseHead(Status.of(status), Headers.EMPTY), Body.text(text));
    }

    static Handler bare(int status, String... fields) {
        return _ -> new Answer.StatusOnly(Status.of(status), Headers.of(fields));
    }

    static Location root(Handler handler, ErrorPage... pages) {
        return location(new Match.Prefix(""), handler, pages);
    }

    static Location exact(String path, Handler handler, ErrorPage... pages) {
        return location(new Match.Exact(path), handler, pages);
    }

    static Location named(String name, Handler handler) {
        return location(new Match.Named(name), handler);
    }

    static Location location(Match match, Handler handler, ErrorPage... pages) {
        return new Location(match, LocationOptions.DEFAULT, List.of(), List.of(), handler, List.of(), policy(pages), List.of());
    }

    /// The same, for internal redirects alone.
    static Location internal(Location location) {
        LocationOptions open = location.options();
        return with(location, new LocationOptions(true, false, open.maxBodyBytes(), open.client(), open.folder(),
                open.scripts(), open.warnings(), open.values()));
    }

    static Location with(Location l, LocationOptions options) {
        return new Location(l.match(), options, l.rewrites(), l.requestFilters(), l.handler(), l.responseFilters(), l.policy(),
                l.nested());
    }

    static Location withRewrites(Location l, Rewrite... rewrites) {
        return new Location(l.match(), l.options(), List.of(rewrites), l.requestFilters(), l.handler(), l.responseFilters(),
                l.policy(), l.nested());
    }

    static Location withRequestFilters(Location l, RequestFilter... filters) {
        return new Location(l.match(), l.options(), l.rewrites(), List.of(filters), l.handler(), l.responseFilters(),
                l.policy(), l.nested());
    }

    static Location withResponseFilters(Location l, ResponseFilter... filters) {
        return new Location(l.match(), l.options(), l.rewrites(), l.requestFilters(), l.handler(), List.of(filters), l.policy(),
                l.nested());
    }

    static Location withNested(Location l, Location... nested) {
        return new Location(l.match(), l.options(), l.rewrites(), l.requestFilters(), l.handler(), l.responseFilters(),
                l.policy(), List.of(nested));
    }

    static ResponsePolicy policy(ErrorPage... pages) {
        return new ResponsePolicy(List.of(pages), false, Redirects.DEFAULT, Text.literal("selvage"), List.of(), false,
                ErrorLog.SILENT);
    }

    static ErrorPage page(int status, ErrorPage.Shown shown, String target) {
        return new ErrorPage(Set.of(status), shown, Text.literal(target));
    }

    static Site site(Location root, Location... locations) {
        return new Site("example.org", List.of(), List.of(), root, List.of(locations));
    }

    static FinalAnswer answer(Site site, Exchange exchange) {
        return answer(new Sites(site, List.of(site)), exchange);
    }

    /// What is sent to the client.
    static FinalAnswer answer(Sites sites, Exchange exchange) {
        List<FinalAnswer> sent = new ArrayList<>();
        ExchangeRunner.run(exchange, sites, (_, answer) -> {
            sent.add(answer);
            return new Sent(new ResponseHead(Status.OK, Headers.EMPTY), 0, 0, true);
        });
        return sent.getLast();
    }

    static int status(Answer answer) {
        return answer instanceof Reply reply ? reply.head().status().code() : -1;
    }

    static String body(Answer answer) {
        return answer instanceof Reply reply ? FakeClient.text(reply.body()) : answer.toString();
    }

    static String field(Answer answer, String name) {
        return answer instanceof Reply reply ? reply.head().headers().joined(name).orElse("-") : answer.toString();
    }
}

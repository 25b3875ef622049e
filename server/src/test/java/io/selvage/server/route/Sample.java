package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.util.List;
import java.util.Set;

/// Small sites, and what they answered.
final class Sample {
    static final ResponsePolicy PLAIN = ResponsePolicy.plain("selvage");

    private Sample() {
    }

    static Handler text(int status, String text) {
        return _ -> new Reply(new ResponseHead(Status.of(status), Headers.EMPTY), Body.text(text));
    }

    static Handler bare(int status, String... fields) {
        return _ -> new Answer.StatusOnly(Status.of(status), Headers.of(fields));
    }

    static Location says(String text) {
        return new Location(new Match.Prefix(""), text(200, text), PLAIN);
    }

    static ResponsePolicy pages(ErrorPage... pages) {
        return new ResponsePolicy(List.of(pages), false, List.of(), Redirects.DEFAULT, "selvage", List.of(), PLAIN.errors());
    }

    static ResponsePolicy touched(ResponseFilter... touches) {
        return new ResponsePolicy(List.of(), false, List.of(touches), Redirects.DEFAULT, "selvage", List.of(), PLAIN.errors());
    }

    static ErrorPage page(int status, ErrorPage.Shown shown, String target) {
        return new ErrorPage(Set.of(status), shown, Text.literal(target));
    }

    static Location exact(String path, Handler handler) {
        return new Location(new Match.Exact(path), handler, PLAIN);
    }

    static Site site(Location root, Location... locations) {
        return new Site("example.org", List.of(), List.of(), root, List.of(locations));
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

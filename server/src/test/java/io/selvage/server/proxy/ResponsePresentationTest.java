package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ResponsePresentationTest {
    private static final Headers RESPONSE = Headers.of("Server", "gunicorn", "Date", "today", "X-Accel-Redirect", "/files/a",
            "X-Powered-By", "x", "Content-Type", "text/plain");

    @Test
    void fieldsAboutThePeerAndControlFieldsAreHidden() {
        assertEquals(Headers.of("X-Powered-By", "x", "Content-Type", "text/plain"), passed(Set.of(), Set.of()));
    }

    @Test
    void fieldsCanBeHiddenAndPassedByName() {
        assertEquals(Headers.of("Server", "gunicorn", "Content-Type", "text/plain"),
                passed(Set.of("x-powered-by"), Set.of("SERVER")));
    }

    @Test
    void firstOfSeveralValuesOfASingleFieldIsPassed() {
        Headers twice = Headers.of("Expires", "0", "Content-Type", "a/b", "Set-Cookie", "a=1", "expires", "-1", "Link", "<a>",
                "content-type", "c/d", "Set-Cookie", "b=2", "Link", "<b>", "ETag", "1", "ETag", "2");
        assertEquals(Headers.of("Expires", "0", "Content-Type", "a/b", "Set-Cookie", "a=1", "Link", "<a>", "Set-Cookie", "b=2",
                "Link", "<b>", "ETag", "1"), presentation(Set.of(), Set.of()).pass(twice));
    }

    @Test
    void hopByHopFieldsAreDropped() {
        Headers response = Headers.of("Connection", "Upgrade, X-Hop, ETag", "X-Hop", "1", "Keep-Alive", "timeout=5",
                "Transfer-Encoding", "chunked", "Upgrade", "websocket", "ETag", "1", "Set-Cookie", "a=b", "Set-Cookie", "c=d");
        assertEquals(Headers.of("Set-Cookie", "a=b", "Set-Cookie", "c=d"),
                presentation(Set.of(), Set.of("Upgrade", "Connection")).pass(response));
    }

    private static ResponsePresentation presentation(Set<String> hide, Set<String> pass) {
        return ResponsePresentation.of(hide, pass, RedirectRules.OFF, CookieRules.OFF, _ -> true);
    }

    private static Headers passed(Set<String> hide, Set<String> pass) {
        return presentation(hide, pass).pass(RESPONSE);
    }
}

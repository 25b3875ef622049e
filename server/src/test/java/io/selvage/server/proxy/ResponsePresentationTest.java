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

    private static Headers passed(Set<String> hide, Set<String> pass) {
        return ResponsePresentation.of(hide, pass, RedirectRules.OFF).pass(RESPONSE);
    }
}

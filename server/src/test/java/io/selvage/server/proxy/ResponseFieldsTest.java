package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ResponseFieldsTest {
    private static final Headers ANSWERED = Headers.of("Server", "gunicorn", "Date", "today", "X-Accel-Redirect", "/files/a",
            "X-Powered-By", "x", "Content-Type", "text/plain");

    @Test
    void whatThePeerSaysOfItselfAndToUsIsHidden() {
        assertEquals(Headers.of("X-Powered-By", "x", "Content-Type", "text/plain"), ResponseFields.DEFAULT.shown(ANSWERED));
    }

    @Test
    void moreCanBeHiddenAndLess() {
        ResponseFields fields = ResponseFields.of(Set.of("x-powered-by"), Set.of("SERVER"), Set.of());
        assertEquals(Headers.of("Server", "gunicorn", "Content-Type", "text/plain"), fields.shown(ANSWERED));
    }

    @Test
    void anOrderThatIsIgnoredIsEmpty() {
        assertEquals("/files/a", ResponseFields.DEFAULT.order(ANSWERED, "X-Accel-Redirect"));
        assertEquals("", ResponseFields.of(Set.of(), Set.of(), Set.of("X-Accel-Redirect")).order(ANSWERED, "X-Accel-Redirect"));
        assertEquals("", ResponseFields.DEFAULT.order(Headers.EMPTY, "X-Accel-Redirect"));
    }
}

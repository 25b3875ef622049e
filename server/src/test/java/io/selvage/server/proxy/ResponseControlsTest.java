package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResponseControlsTest {
    private static final ResponseControls DEFAULT = ResponseControls.of(Set.of(), _ -> true);

    @Test
    void ignoredOrMissingFieldHasNoEffect() {
        ResponseHead head = head("X-Accel-Redirect", "/files/a");
        assertEquals(Optional.of("/files/a"), DEFAULT.redirect(head));
        assertEquals(Optional.empty(), ResponseControls.of(Set.of("X-Accel-Redirect"), _ -> true).redirect(head));
        assertEquals(Optional.empty(), DEFAULT.redirect(head("Server", "gunicorn")));
    }

    @Test
    void rateIsNumberThatFitsLong() {
        assertEquals(OptionalLong.of(99_999_999_999_999_999L), DEFAULT.limitRate(head("X-Accel-Limit-Rate", "9".repeat(17))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "off", "-1", "1k", "999999999999999999"})
    void invalidRateHasNoEffect(String value) {
        assertEquals(OptionalLong.empty(), DEFAULT.limitRate(head("X-Accel-Limit-Rate", value)));
    }

    @Test
    void bufferingIsYesOrNoInAnyCase() {
        assertEquals(Optional.of(true), DEFAULT.buffering(head("X-Accel-Buffering", "YES")));
        assertEquals(Optional.of(false), DEFAULT.buffering(head("X-Accel-Buffering", "no")));
        assertEquals(Optional.empty(), DEFAULT.buffering(head("X-Accel-Buffering", "perhaps")));
    }

    @Test
    void onlyStatusesFrom300OnAreIntercepted() {
        assertFalse(DEFAULT.intercepts(Status.of(299)));
        assertTrue(DEFAULT.intercepts(Status.of(300)));
    }

    private static ResponseHead head(String name, String value) {
        return new ResponseHead(Status.OK, Headers.of(name, value));
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class StickyTest {
    private static final List<Text> CREATE = List.of(field("Created"));
    private static final List<Text> LOOKUP = List.of(field("Session"));

    private final AtomicLong nanos = new AtomicLong();
    private final Sticky.Sessions sessions = new Sticky.Sessions(10, Duration.ofSeconds(10), nanos::get);
    private final Sticky learned = new Sticky.Learned(CREATE, LOOKUP, sessions, false);
    private final FakeClient client = new FakeClient();

    /// The value of a field of the request stands for that of any variable.
    private static Text field(String name) {
        return exchange -> exchange.headers().first(name).orElse("");
    }

    private Exchange creating(String session) {
        return client.asks("GET", "/", "Created", session);
    }

    private Exchange of(String session) {
        return client.asks("GET", "/", "Session", session);
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void sessionIsLearnedWhenTheResponseHasCome() {
        Runnable received = learned.learn(creating("x"), "peer");
        assertEquals("", learned.peer(of("x")));
        received.run();
        assertEquals("peer", learned.peer(of("x")));
    }

    @Test
    void sessionMayBeLearnedFromTheHead() {
        new Sticky.Learned(CREATE, LOOKUP, sessions, true).learn(creating("x"), "peer");
        assertEquals("peer", learned.peer(of("x")));
    }

    @Test
    void responsesProlongASessionAndRequestsDoNot() {
        learned.learn(creating("x"), "peer").run();
        pass(6);
        learned.learn(of("x"), "peer").run();
        pass(6);
        assertEquals("peer", learned.peer(of("x")));
        pass(6);
        assertEquals("", learned.peer(of("x")));
    }

    @Test
    void responseThatBeginsAnotherSessionDoesNotProlongThatOfTheRequest() {
        learned.learn(creating("x"), "peer").run();
        pass(6);
        learned.learn(client.asks("GET", "/", "Session", "x", "Created", "y"), "peer").run();
        pass(6);
        assertEquals("", learned.peer(of("x")));
        assertEquals("peer", learned.peer(of("y")));
    }

    @Test
    void sessionFollowsThePeerThatResponds() {
        learned.learn(creating("x"), "peer").run();
        learned.learn(of("x"), "other").run();
        assertEquals("other", learned.peer(of("x")));
    }

    @Test
    void unknownSessionOfARequestIsNotLearned() {
        learned.learn(of("x"), "peer").run();
        assertEquals("", learned.peer(of("x")));
    }
}

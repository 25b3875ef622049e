package io.selvage.server.http;

import io.selvage.server.proxy.FakeClient;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class AbsoluteRedirectTest {
    private static final Answer TO_DIR = new Answer.Bare(Status.MOVED_PERMANENTLY, Headers.of("Location", "/dir/"));

    private static String location(Answer answer, boolean serverName, boolean port, Exchange exchange) throws Failure {
        String words = InWords.of(new AbsoluteRedirect(_ -> answer, serverName, port).handle(exchange));
        return words.lines().skip(1).findFirst().orElse("");
    }

    private static String redirected(boolean serverName, boolean port, FakeClient client) throws Failure {
        return location(TO_DIR, serverName, port, asked(client));
    }

    private static Exchange asked() {
        return asked(new FakeClient(80, false));
    }

    private static Exchange asked(FakeClient client) {
        Exchange exchange = client.asks("GET", "/dir");
        exchange.authority(new Authority("shop.example", 8080));
        exchange.siteName("www.shop.example");
        return exchange;
    }

    @Test void theHostThatWasAskedForIsNamedWithoutThePortOfTheScheme() throws Failure {
        assertEquals("Location: http://shop.example/dir/", location(TO_DIR, false, true, asked()));
    }

    @Test void orTheNameOfTheSite() throws Failure {
        assertEquals("Location: http://www.shop.example/dir/", location(TO_DIR, true, true, asked()));
    }

    @Test void anotherPortIsNamedUnlessThatIsOff() throws Failure {
        assertEquals("Location: http://shop.example:8000/dir/", redirected(false, true, new FakeClient(8000, false)));
        assertEquals("Location: http://shop.example:443/dir/", redirected(false, true, new FakeClient(443, false)));
        assertEquals("Location: http://shop.example/dir/", redirected(false, false, new FakeClient(8000, false)));
    }

    @Test void overTlsTheSchemeIsAnother() throws Failure {
        assertEquals("Location: https://shop.example/dir/", redirected(false, true, new FakeClient(443, true)));
        assertEquals("Location: https://shop.example:80/dir/", redirected(false, true, new FakeClient(80, true)));
    }

    @Test void whoNamedNoHostGetsTheAddress() throws Failure {
        assertEquals("Location: http://127.0.0.1/dir/", location(TO_DIR, false, true, new FakeClient().asks("GET", "/dir")));
    }

    @Test void aPathWithTwoSlashesIsNoHost() throws Failure {
        var evil = new Answer.Bare(Status.FOUND, Headers.of("Location", "//evil.example/"));
        assertEquals("Location: http://shop.example//evil.example/", location(evil, false, true, asked()));
    }

    @Test void otherAnswersPassUntouched() throws Failure {
        var away = new Answer.Bare(Status.FOUND, Headers.of("Location", "https://other.example/"));
        var ofAPeer = new Answer.Reply(new ResponseHead(Status.FOUND, Headers.of("Location", "/dir/")), Body.NONE);
        for (Answer answer : new Answer[] {away, ofAPeer, new Answer.Bare(Status.NOT_FOUND), new Answer.Hangup()}) {
            assertSame(answer, new AbsoluteRedirect(_ -> answer, false, true).handle(asked()));
        }
    }
}

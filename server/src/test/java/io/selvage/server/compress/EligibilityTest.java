package io.selvage.server.compress;

import io.selvage.server.compress.Eligibility.Proxied;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Version;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EligibilityTest {
    private static final Headers NOTHING = Headers.EMPTY;

    private static Exchange asks(String... fields) {
        String[] lines = new String[fields.length + 1];
        lines[0] = "GET / HTTP/1.1";
        System.arraycopy(fields, 0, lines, 1, fields.length);
        return FakeClient.asks(lines);
    }

    private static boolean allowsProxy(Set<Proxied> proxied, Headers response, String... fields) {
        String[] all = new String[fields.length + 1];
        all[0] = "Via: 1.1 proxy";
        System.arraycopy(fields, 0, all, 1, fields.length);
        return new Eligibility(Version.HTTP_1_1, proxied, List.of(), false).allows(asks(all), response);
    }

    @Test
    void versionOfTheRequestMustBeHighEnough() {
        var usual = new Eligibility(Version.HTTP_1_1, Set.of(Proxied.OFF), List.of(), false);
        var low = new Eligibility(Version.HTTP_1_0, Set.of(Proxied.OFF), List.of(), false);
        Exchange old = FakeClient.asks("GET / HTTP/1.0");
        assertTrue(usual.allows(asks(), NOTHING));
        assertFalse(usual.allows(old, NOTHING));
        assertTrue(low.allows(old, NOTHING));
    }

    @ParameterizedTest
    @CsvSource({
        "Mozilla/4.0 (compatible; MSIE 5.5; Windows NT 5.0), false",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1), false",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1), true",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0), true",
        "Mozilla/4.0 (compatible; MSIE 6, true",
        "Mozilla/4.0 (compatible; MSIE , true"
    })
    void msie6ExcludesOldExplorers(String agent, boolean allowed) {
        var eligibility = new Eligibility(Version.HTTP_1_1, Set.of(Proxied.OFF), List.of(), true);
        assertEquals(allowed, eligibility.allows(asks("User-Agent: " + agent), NOTHING));
    }

    @Test
    void expressionsExcludeClients() {
        var eligibility = new Eligibility(Version.HTTP_1_1, Set.of(Proxied.OFF), List.of(new Regex("wget", true)), false);
        assertFalse(eligibility.allows(asks("User-Agent: Wget/1.0"), NOTHING));
        assertTrue(eligibility.allows(asks("User-Agent: curl"), NOTHING));
        assertTrue(eligibility.allows(asks(), NOTHING));
    }

    @Test
    void proxiesGetNothingCompressedByDefault() {
        assertFalse(allowsProxy(Set.of(Proxied.OFF), NOTHING));
        assertFalse(allowsProxy(Set.of(Proxied.OFF, Proxied.ANY), NOTHING));
        assertTrue(allowsProxy(Set.of(Proxied.ANY), NOTHING));
    }

    @Test
    void authorizedRequestsThroughProxies() {
        Headers cached = Headers.of("Cache-Control", "max-age=60");
        assertTrue(allowsProxy(Set.of(Proxied.AUTH), cached, "Authorization: Basic eA=="));
        assertFalse(allowsProxy(Set.of(Proxied.AUTH), cached));
    }

    @Test
    void expiredResponsesToProxies() {
        Headers past = Headers.of("Expires", "Thu, 01 Jan 1970 00:00:01 GMT", "Date", "Thu, 01 Jan 1970 00:00:02 GMT");
        Headers future = Headers.of("Expires", "Thu, 01 Jan 1970 00:00:03 GMT", "Date", "Thu, 01 Jan 1970 00:00:02 GMT");
        assertTrue(allowsProxy(Set.of(Proxied.EXPIRED), past));
        assertFalse(allowsProxy(Set.of(Proxied.EXPIRED), future));
        assertFalse(allowsProxy(Set.of(Proxied.EXPIRED), Headers.of("Expires", "never")));
        assertFalse(allowsProxy(Set.of(Proxied.NO_CACHE), past));
    }

    @Test
    void responsesThatProxiesMustNotKeep() {
        assertTrue(allowsProxy(Set.of(Proxied.NO_CACHE), Headers.of("Cache-Control", "private, No-Cache")));
        assertTrue(allowsProxy(Set.of(Proxied.NO_STORE), Headers.of("Cache-Control", "no-store")));
        assertTrue(allowsProxy(Set.of(Proxied.PRIVATE), Headers.of("Cache-Control", "x", "Cache-Control", "private=\"a\"")));
        assertFalse(allowsProxy(Set.of(Proxied.NO_CACHE), Headers.of("Cache-Control", "no-store")));
        assertFalse(allowsProxy(Set.of(Proxied.PRIVATE), Headers.of("Cache-Control", "privately")));
    }

    @Test
    void responsesToProxiesWithoutValidators() {
        assertTrue(allowsProxy(Set.of(Proxied.NO_LAST_MODIFIED), NOTHING));
        assertFalse(allowsProxy(Set.of(Proxied.NO_LAST_MODIFIED), Headers.of("Last-Modified", "x")));
        assertTrue(allowsProxy(Set.of(Proxied.NO_ETAG), NOTHING));
        assertFalse(allowsProxy(Set.of(Proxied.NO_ETAG), Headers.of("ETag", "x")));
    }

    @Test
    void noTransformForbidsAnyChange() {
        assertTrue(Eligibility.forbidsTransformation(Headers.of("Cache-Control", "no-cache, no-transform")));
        assertFalse(Eligibility.forbidsTransformation(Headers.of("Cache-Control", "no-cache")));
    }
}

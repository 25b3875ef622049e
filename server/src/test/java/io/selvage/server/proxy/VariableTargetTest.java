package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.HostLookup.HostAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class VariableTargetTest {
    private final List<String> lookedUp = new ArrayList<>();
    private final Resolver resolver = new Resolver(this::lookup);
    private final PeerGroup app = new PeerGroup(new UpstreamSpec("app", List.of(), new Policy.RoundRobin()),
            _ -> new byte[0], KeepAlive.of(0), new PeerStates(), Io.jdk());
    private final FakeClient client = new FakeClient();

    @Test
    void groupNameIsPreferredToHost() throws Failure {
        ProxyTarget aim = aim("http://app/x");
        assertSame(app, aim.group());
        assertEquals("/x", aim.uri().target(client.asks("GET", "/ignored")));
        assertEquals(List.of(), lookedUp);
    }

    @Test
    void hostLookupIsCached() throws Failure {
        assertEquals(List.of("192.0.2.1:8080", "192.0.2.2:8080"), addresses(aim("http://two.example:8080")));
        assertEquals(List.of("192.0.2.1:80", "192.0.2.2:80"), addresses(aim("http://two.example")));
        assertEquals(List.of("two.example"), lookedUp);
    }

    @Test
    void requestsBeginWithAnyAddress() throws Failure {
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Upstream upstream = aim("http://two.example").group().upstream();
            first.add(upstream.pick(new byte[0], new Tried()).orElseThrow().address());
        }
        assertEquals(Set.of("192.0.2.1:80", "192.0.2.2:80"), first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:81", "http://[::1]:81/x", "http://unix:/run/app.sock:/x"})
    void addressIsNotLookedUp(String url) throws Failure {
        assertEquals(List.of(ProxyUrl.parse(url).address()), addresses(aim(url)));
        assertEquals(List.of(), lookedUp);
    }

    @Test
    void unknownHostIsBadGateway() {
        Failure failure = assertThrows(Failure.class, () -> aim("http://none.example"));
        assertEquals(502, failure.status().code());
        assertEquals("none.example could not be resolved (3: Host not found)", failure.detail());
    }

    @Test
    void lookupThatTakesTooLongIsBadGateway() {
        Failure failure = assertThrows(Failure.class, () -> aim("http://never.example", Duration.ofMillis(1)));
        assertEquals(502, failure.status().code());
        assertEquals("never.example could not be resolved (110: Operation timed out)", failure.detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "app", "http://", "http://a:port", "http:///x"})
    void invalidUrlIsInternalError(String url) {
        assertEquals(500, assertThrows(Failure.class, () -> aim(url)).status().code());
    }

    private ProxyTarget aim(String url) throws Failure {
        return aim(url, Duration.ofSeconds(50));
    }

    private ProxyTarget aim(String url, Duration timeout) throws Failure {
        Text text = Text.literal(url);
        return new VariableTarget(text, Map.of("app", app), resolver, timeout, Io.jdk()).select(client.asks("GET", "/"));
    }

    private static List<String> addresses(ProxyTarget aim) {
        return aim.group().upstream().snapshot().stream().map(UpstreamSnapshot::address).toList();
    }

    private CompletableFuture<HostAddresses> lookup(String host) {
        lookedUp.add(host);
        return host.equals("never.example") ? new CompletableFuture<>() : CompletableFuture.completedFuture(new HostAddresses(
                host.equals("two.example") ? List.of(InetAddress.ofLiteral("192.0.2.2"), InetAddress.ofLiteral("192.0.2.1"))
                        : List.of(), Duration.ofMinutes(1)));
    }
}

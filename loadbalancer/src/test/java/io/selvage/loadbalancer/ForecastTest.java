package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// [Upstream#forecast] says what [Upstream#pick] does next.
class ForecastTest {
    private static final List<PeerSpec> PEERS = List.of(PeerSpec.of("a:1").withWeight(3), PeerSpec.of("b:1"),
            PeerSpec.of("c:1").withMaxConns(1), PeerSpec.of("d:1").withBackup(true), PeerSpec.of("e:1").withDown(true));

    static List<Policy> policies() {
        return List.of(new Policy.RoundRobin(), new Policy.LeastConnections(), new Policy.IpHash(), new Policy.Hash(false),
                new Policy.Hash(true), new Policy.LeastTime(false, true));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void forecastIsTheOrderOfThePicks(Policy policy) {
        Upstream upstream = upstream(policy);
        for (int request = 0; request < 20; request++) {
            byte[] key = ("key" + request).getBytes(UTF_8);
            List<String> forecast = order(upstream.forecast(key, ""));
            assertEquals(forecast, order(upstream.forecast(key, "")), "a forecast changes nothing");

            List<String> picked = new ArrayList<>();
            Tried tried = new Tried();
            for (Optional<Lease> lease = upstream.pick(key, tried); lease.isPresent(); lease = upstream.pick(key, tried)) {
                picked.add(lease.get().address());
                lease.get().close();
            }

            assertEquals(picked, forecast);
        }
    }

    private static Upstream upstream(Policy policy) {
        return new Upstream(new UpstreamSpec("app", PEERS, policy), new PeerStates(), () -> 0, new SplittableRandom(1));
    }

    private static List<String> order(List<PeerForecast> forecasts) {
        List<String> order = new ArrayList<>();
        for (int i = 1; i <= forecasts.size(); i++) {
            for (PeerForecast each : forecasts) {
                if (each.order() == i) {
                    order.add(each.state().address());
                }
            }
        }
        return order;
    }

    @Test
    void boundRequestsGetTheirPeerFirst() {
        assertEquals("b:1", order(upstream(new Policy.RoundRobin()).forecast(new byte[0], PEERS.get(1).id())).getFirst());
    }

    @Test
    void unusablePeersSayWhy() {
        Upstream upstream = upstream(new Policy.RoundRobin());
        Tried tried = new Tried();
        upstream.pick(new byte[0], tried);
        upstream.pick(new byte[0], tried).ifPresent(Lease::failed);
        upstream.pick(new byte[0], tried);

        List<String> words = upstream.forecast(new byte[0], "").stream().map(PeerForecast::words).toList();

        assertEquals(List.of("gets the request (weight 3, 1 in flight, 0 fails)",
                "gets no request (unavailable: a request failed, weight 1, 1 in flight, 1 fails)",
                "gets no request (busy: has max_conns=1 requests, weight 1, 1 in flight, 0 fails)",
                "is number 2 (backup, weight 1, 0 in flight, 0 fails)",
                "gets no request (down: marked down, weight 1, 0 in flight, 0 fails)"), words);
    }
}

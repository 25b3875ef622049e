package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.HostLookup.HostAddresses;
import io.selvage.server.proxy.HostLookup.ServiceServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class UpstreamMaintenanceTest {
    private static final Duration VALID = Duration.ofMinutes(1);

    private final Map<String, List<InetAddress>> names = new HashMap<>();
    private final Map<String, CompletableFuture<HostAddresses>> pending = new HashMap<>();
    private final Map<String, List<ServiceServer>> services = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private int lookups;
    private final AtomicLong now = new AtomicLong();
    private double random;
    private final UpstreamMaintenance upkeep = new UpstreamMaintenance(now::get, new Fixed(), log::add);
    private final PeerStates states = new PeerStates();
    private final PeerGroup group = group(PeerSpec.of("app.example:8000").withWeight(3), PeerSpec.of("127.0.0.1:9000"));

    private PeerGroup group(PeerSpec... peers) {
        return new PeerGroup(new UpstreamSpec("app", List.of(peers), new Policy.RoundRobin()), _ -> new byte[0], KeepAlive.of(0),
                states, Io.jdk(), new GroupNames(new Lookup(), Map.of(), Duration.ZERO), Sticky.NONE);
    }

    /// Always the same number.
    private final class Fixed implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public double nextDouble() {
            return random;
        }
    }

    @Test
    void hostBecomesOnePeerPerAddress() {
        name("app.example", "192.0.2.2", "2001:db8::1");
        upkeep.add(List.of(group));
        assertEquals(List.of("192.0.2.2:8000 3", "[2001:db8::1]:8000 3", "127.0.0.1:9000 1"), peers());
    }

    @Test
    void unknownHostIsLeftOutAndLoggedOnce() {
        upkeep.add(List.of(group));
        lookUpAgain();
        assertEquals(List.of("127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" could not be resolved (3: Host not found),"
                + " it is left out until it is found"), log);

        name("app.example", "192.0.2.2");
        lookUpAgain();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals("host \"app.example\" is found again", log.getLast());
    }

    @Test
    void lostHostKeepsLastAddresses() {
        name("app.example", "192.0.2.2");
        upkeep.add(List.of(group));
        names.clear();
        lookUpAgain();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" could not be resolved (3: Host not found), its last addresses are kept"), log);
    }

    @Test
    void peersAreReplacedOnlyWhenChanged() {
        name("app.example", "192.0.2.1", "192.0.2.2");
        upkeep.add(List.of(group));
        Upstream before = group.upstream();
        name("app.example", "192.0.2.2", "192.0.2.1");
        lookUpAgain();
        assertSame(before, group.upstream());
        name("app.example", "192.0.2.3");
        lookUpAgain();
        assertNotSame(before, group.upstream());
    }

    @Test
    void hostIsNotLookedUpWhileItsAddressesAreValid() {
        name("app.example", "192.0.2.1");
        upkeep.add(List.of(group));
        now.addAndGet(VALID.toNanos() - 1);
        upkeep.lookUp();
        assertEquals(1, lookups);
        now.addAndGet(1);
        upkeep.lookUp();
        assertEquals(2, lookups);
    }

    @Test
    void lookupsAreSpreadByUpToATenthOfTheTime() {
        name("app.example", "192.0.2.1");
        random = 0.5;
        upkeep.add(List.of(group));
        now.addAndGet(VALID.plusSeconds(2).toNanos());
        upkeep.lookUp();
        assertEquals(1, lookups);
        now.addAndGet(Duration.ofMillis(500).toNanos());
        upkeep.lookUp();
        assertEquals(2, lookups);
    }

    @Test
    void lookupUnderWayIsNotRepeated() {
        CompletableFuture<HostAddresses> slow = new CompletableFuture<>();
        pending.put("app.example", slow);
        upkeep.add(List.of(group));
        lookUpAgain();
        assertEquals(1, lookups);
        slow.complete(new HostAddresses(List.of(InetAddress.ofLiteral("192.0.2.7")), VALID));
        assertEquals(List.of("192.0.2.7:8000 3", "127.0.0.1:9000 1"), peers());
    }

    @Test
    void serviceBecomesOnePeerPerServer() {
        PeerGroup served = group(PeerSpec.of("_http._tcp.app.example:0"));
        serves(server("a.example", 8001, 10, 5, "192.0.2.1"), server("b.example", 8002, 10, 1, "192.0.2.2", "192.0.2.3"),
                server("spare.example", 8003, 20, 1, "192.0.2.9"));
        upkeep.add(List.of(served));
        assertEquals(List.of("192.0.2.1:8001 5", "192.0.2.2:8002 1", "192.0.2.3:8002 1", "192.0.2.9:8003 1 backup"),
                peers(served));
    }

    @Test
    void serverOfAServiceThatIsNotFoundKeepsItsLastAddresses() {
        PeerGroup served = group(PeerSpec.of("_http._tcp.app.example:0"));
        serves(server("a.example", 8001, 10, 1, "192.0.2.1"), server("b.example", 8002, 10, 1, "192.0.2.2"));
        upkeep.add(List.of(served));
        serves(server("a.example", 8001, 10, 1), server("c.example", 8003, 10, 1), server("b.example", 8002, 10, 1, "192.0.2.4"));
        lookUpAgain();
        lookUpAgain();
        assertEquals(List.of("192.0.2.1:8001 1", "192.0.2.4:8002 1"), peers(served));
        assertEquals(List.of("host \"a.example\" of service \"_http._tcp.app.example\" could not be resolved",
                "host \"c.example\" of service \"_http._tcp.app.example\" could not be resolved"), log);
        services.clear();
        lookUpAgain();
        assertEquals(List.of("192.0.2.1:8001 1", "192.0.2.4:8002 1"), peers(served));
        assertEquals("service \"_http._tcp.app.example\" could not be resolved (3: Host not found), its last addresses are kept",
                log.getLast());
    }

    @Test
    void statesOfStayingPeersSurviveAndThoseOfOthersAreForgotten() {
        name("app.example", "192.0.2.1", "192.0.2.2");
        upkeep.add(List.of(group));
        serve(14);
        assertEquals(List.of("192.0.2.1:8000 6", "192.0.2.2:8000 6", "127.0.0.1:9000 2"), totals());
        name("app.example", "192.0.2.2");
        lookUpAgain();
        assertEquals(List.of("192.0.2.2:8000 6", "127.0.0.1:9000 2"), totals());
        name("app.example", "192.0.2.1", "192.0.2.2");
        lookUpAgain();
        assertEquals(List.of("192.0.2.1:8000 0", "192.0.2.2:8000 6", "127.0.0.1:9000 2"), totals());
    }

    private void serve(int times) {
        for (int i = 0; i < times; i++) {
            group.upstream().pick(new byte[0], new Tried()).orElseThrow().close();
        }
    }

    private List<String> totals() {
        return group.upstream().snapshot().stream().map(peer -> peer.address() + " " + peer.totals().chosen()).toList();
    }

    private void serves(ServiceServer... servers) {
        services.put("_http._tcp.app.example", List.of(servers));
    }

    private static ServiceServer server(String host, int port, int priority, int weight, String... addresses) {
        return new ServiceServer(host, port, priority, weight, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    private void name(String host, String... addresses) {
        names.put(host, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    private List<String> peers() {
        return peers(group);
    }

    private static List<String> peers(PeerGroup group) {
        return group.upstream().snapshot().stream().map(UpstreamMaintenanceTest::text).toList();
    }

    private static String text(UpstreamSnapshot peer) {
        return peer.address() + " " + peer.weight() + (peer.backup() ? " backup" : "");
    }

    private void lookUpAgain() {
        now.addAndGet(VALID.toNanos());
        upkeep.lookUp();
    }

    private final class Lookup implements HostLookup {
        @Override
        public CompletableFuture<HostAddresses> start(String host) {
            lookups++;
            List<InetAddress> found = names.get(host);
            return found != null ? CompletableFuture.completedFuture(new HostAddresses(found, VALID))
                    : pending.getOrDefault(host, CompletableFuture.failedFuture(LookupException.notFound()));
        }

        @Override
        public CompletableFuture<ServiceServers> startService(String service) {
            List<ServiceServer> found = services.get(service);
            return found == null ? CompletableFuture.failedFuture(LookupException.notFound())
                    : CompletableFuture.completedFuture(new ServiceServers(found, VALID));
        }
    }
}

package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.HostLookup.HostAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class UpstreamMaintenanceTest {
    private static final Duration VALID = Duration.ofMinutes(1);

    private final Map<String, List<InetAddress>> names = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private int lookups;
    private final AtomicLong now = new AtomicLong();
    private final UpstreamMaintenance upkeep = new UpstreamMaintenance(now::get, log::add);
    private final PeerGroup group = new PeerGroup(new UpstreamSpec("app",
            List.of(PeerSpec.of("app.example:8000").withWeight(3), PeerSpec.of("127.0.0.1:9000")), new Policy.RoundRobin()),
            _ -> new byte[0], KeepAlive.of(0), new PeerStates(), Io.jdk(), new GroupNames(this::lookup, Map.of(), Duration.ZERO),
            Sticky.NONE);

    @Test
    void hostBecomesOnePeerPerAddress() {
        name("app.example", "192.0.2.2", "2001:db8::1");
        upkeep.add(group);
        assertEquals(List.of("192.0.2.2:8000 3", "[2001:db8::1]:8000 3", "127.0.0.1:9000 1"), peers());
    }

    @Test
    void unknownHostIsLeftOutAndLoggedOnce() {
        upkeep.add(group);
        lookUpAgain();
        assertEquals(List.of("127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" not found in upstream, it is left out until it is found"), log);

        name("app.example", "192.0.2.2");
        lookUpAgain();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals("host \"app.example\" is found again", log.getLast());
    }

    @Test
    void lostHostKeepsLastAddresses() {
        name("app.example", "192.0.2.2");
        upkeep.add(group);
        names.clear();
        lookUpAgain();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" not found in upstream, its last addresses are kept"), log);
    }

    @Test
    void peersAreReplacedOnlyWhenChanged() {
        name("app.example", "192.0.2.1", "192.0.2.2");
        upkeep.add(group);
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
        upkeep.add(group);
        now.addAndGet(VALID.toNanos() - 1);
        upkeep.lookUp();
        assertEquals(1, lookups);
        now.addAndGet(1);
        upkeep.lookUp();
        assertEquals(2, lookups);
    }

    private void name(String host, String... addresses) {
        names.put(host, Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }

    private List<String> peers() {
        return group.upstream().snapshot().stream().map(UpstreamMaintenanceTest::text).toList();
    }

    private static String text(UpstreamSnapshot peer) {
        return peer.address() + " " + peer.weight();
    }

    private void lookUpAgain() {
        now.addAndGet(VALID.toNanos());
        upkeep.lookUp();
    }

    private CompletableFuture<HostAddresses> lookup(String host) {
        lookups++;
        List<InetAddress> found = names.get(host);
        return found == null ? CompletableFuture.failedFuture(LookupException.notFound())
                : CompletableFuture.completedFuture(new HostAddresses(found, VALID));
    }
}

package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.net.Io;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class UpstreamMaintenanceTest {
    private final Map<String, List<InetAddress>> names = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private final UpstreamMaintenance upkeep = new UpstreamMaintenance(this::lookup, Duration.ofMinutes(1), log::add);
    private final PeerGroup group = new PeerGroup(new UpstreamSpec("app",
            List.of(PeerSpec.of("app.example:8000").withWeight(3), PeerSpec.of("127.0.0.1:9000")), new Policy.RoundRobin()),
            _ -> new byte[0], KeepAlive.of(0), new PeerStates(), Io.jdk());

    @Test
    void hostBecomesOnePeerPerAddress() {
        name("app.example", "192.0.2.2", "2001:db8::1");
        upkeep.add(group);
        assertEquals(List.of("192.0.2.2:8000 3", "[2001:db8::1]:8000 3", "127.0.0.1:9000 1"), peers());
    }

    @Test
    void unknownHostIsLeftOutAndLoggedOnce() {
        upkeep.add(group);
        upkeep.resolveAll();
        assertEquals(List.of("127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" not found in upstream, it is left out until it is found"), log);

        name("app.example", "192.0.2.2");
        upkeep.resolveAll();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals("host \"app.example\" is found again", log.getLast());
    }

    @Test
    void lostHostKeepsLastAddresses() {
        name("app.example", "192.0.2.2");
        upkeep.add(group);
        names.clear();
        upkeep.resolveAll();
        assertEquals(List.of("192.0.2.2:8000 3", "127.0.0.1:9000 1"), peers());
        assertEquals(List.of("host \"app.example\" not found in upstream, its last addresses are kept"), log);
    }

    @Test
    void peersAreReplacedOnlyWhenChanged() {
        name("app.example", "192.0.2.1", "192.0.2.2");
        upkeep.add(group);
        Upstream before = group.upstream();
        name("app.example", "192.0.2.2", "192.0.2.1");
        upkeep.resolveAll();
        assertSame(before, group.upstream());
        name("app.example", "192.0.2.3");
        upkeep.resolveAll();
        assertNotSame(before, group.upstream());
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

    private List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> found = names.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }
}

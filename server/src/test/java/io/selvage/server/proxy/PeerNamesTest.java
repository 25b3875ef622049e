package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.proxy.HostLookup.ServiceServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerNamesTest {
    private static final PeerSpec SERVICE = PeerSpec.of("_http._tcp.app.example:0").withServer("app.example");
    private static final Policy IN_TURN = new Policy.RoundRobin();

    private final List<ServiceServer> found = new ArrayList<>();

    @Test
    void namesAreThoseOfHostsAndServices() {
        UpstreamSpec group = new UpstreamSpec("app", Stream.of("a.example:80", "a.example:81", "127.0.0.1:80", "[::1]:80",
                "unix:/run/app.socket", "_http._tcp.a.example:0").map(PeerSpec::of).toList(), IN_TURN);
        assertEquals(Set.of(new PeerName("a.example", false), new PeerName("_http._tcp.a.example", true)),
                PeerNames.names(group));
    }

    @Test
    void lowestPriorityIsPrimaryAndAllOthersAreBackups() {
        found("spare", 20, 1, "192.0.2.3");
        found("last", 30, 2, "192.0.2.4");
        found("main", 10, 3, "192.0.2.1", "192.0.2.2");
        assertEquals(List.of("192.0.2.1:80 3", "192.0.2.2:80 3", "192.0.2.3:80 1 backup", "192.0.2.4:80 2 backup"),
                resolved(SERVICE, IN_TURN));
    }

    @Test
    void backupLineHasTheServersOfTheFirstPriorityOnly() {
        found("main", 10, 3, "192.0.2.1");
        found("spare", 20, 1, "192.0.2.3");
        assertEquals(List.of("192.0.2.1:80 3 backup"), resolved(SERVICE.withBackup(true), IN_TURN));
    }

    @Test
    void configuredWeightIsPreferred() {
        found("main", 10, 3, "192.0.2.1");
        assertEquals(List.of("192.0.2.1:80 7"), resolved(SERVICE.withWeight(7), IN_TURN));
    }

    @Test
    void addressThatIsFoundTwiceIsTwoPeers() {
        found("a", 0, 1, "192.0.2.1", "192.0.2.2", "192.0.2.1");
        assertEquals(List.of("192.0.2.1:80 1", "192.0.2.1:80 1", "192.0.2.2:80 1"), resolved(SERVICE, IN_TURN));
    }

    @Test
    void orderOfTheAnswerDoesNotMatter() {
        found("b", 0, 1, "192.0.2.4", "192.0.2.3");
        found("a", 0, 1, "192.0.2.9");
        List<String> one = resolved(SERVICE, IN_TURN);
        List<ServiceServer> reversed = found.reversed().stream().toList();
        found.clear();
        found.addAll(reversed);
        assertEquals(one, resolved(SERVICE, IN_TURN));
    }

    @Test
    void consistentHashingTellsTheServersOfAServiceApart() {
        found("a", 0, 1, "192.0.2.1");
        found("b", 0, 1, "192.0.2.2");
        UpstreamSpec group = new UpstreamSpec("app", List.of(SERVICE), new Policy.Hash(true));
        assertEquals(List.of("a:80", "b:80"),
                PeerNames.resolved(group, _ -> found).peers().stream().map(PeerSpec::server).toList());
    }

    @Test
    void weightsFromOutsideAreBounded() {
        for (int i = 0; i < 200; i++) {
            found("h" + i, 0, i == 0 ? 32_767 : 65_535, "192.0.2." + i);
        }
        List<String> peers = resolved(SERVICE, IN_TURN);
        assertEquals("192.0.2.0:80 1253", peers.getFirst());
        assertEquals("192.0.2.99:80 2506", peers.getLast());
        assertTrue(resolved(SERVICE, new Policy.Hash(true)).getLast().endsWith(" 50"));
    }

    private void found(String host, int priority, int weight, String... addresses) {
        found.add(new ServiceServer(host, 80, priority, weight, Stream.of(addresses).map(InetAddress::ofLiteral).toList()));
    }

    private List<String> resolved(PeerSpec line, Policy policy) {
        return PeerNames.resolved(new UpstreamSpec("app", List.of(line), policy), _ -> found).peers().stream()
                .map(peer -> peer.address() + " " + peer.weight() + (peer.backup() ? " backup" : "")).toList();
    }
}

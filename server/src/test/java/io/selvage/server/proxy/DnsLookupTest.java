package io.selvage.server.proxy;

import io.selvage.server.proxy.HostLookup.HostAddresses;
import io.selvage.server.proxy.HostLookup.ServiceServers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

@Timeout(60)
class DnsLookupTest {

    private static DnsLookup asking(boolean ipv4, boolean ipv6, NameServer... servers) {
        List<InetSocketAddress> addresses = Arrays.stream(servers).map(NameServer::socketAddress).toList();
        return new DnsLookup(new DnsLookup.Options(addresses, Optional.empty(), ipv4, ipv6), ForkJoinPool.commonPool());
    }

    /// The addresses and how long they are valid: `192.0.2.1 for 60`.
    private static String result(DnsLookup lookup, String host) throws Exception {
        HostAddresses found = lookup.start(host).get();
        return found.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "))
                + " for " + found.valid().toSeconds();
    }

    private static String failure(DnsLookup lookup, String host) {
        return assertThrows(ExecutionException.class, () -> lookup.start(host).get()).getCause().getMessage();
    }

    @Test
    void bothFamiliesAreAskedForAndTheShortestTimeHolds() throws Exception {
        try (NameServer server = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1",
                "app.example. 50 IN A 192.0.2.2").knows("app.example AAAA", "app.example. 55 IN AAAA 2001:db8::1")) {
            assertEquals("192.0.2.1 192.0.2.2 2001:db8:0:0:0:0:0:1 for 50", result(asking(true, true, server), "app.example"));
            assertEquals("2001:db8:0:0:0:0:0:1 for 55", result(asking(false, true, server), "App.Example."));
            assertEquals("192.0.2.1 192.0.2.2 for 50", result(asking(true, false, server), "app.example"));
        }
    }

    @Test
    void oneFamilyIsEnough() throws Exception {
        try (NameServer server = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1")) {
            assertEquals("192.0.2.1 for 60", result(asking(true, true, server), "app.example"));
        }
    }

    @Test
    void configuredTimeReplacesThatOfTheRecords() throws Exception {
        try (NameServer server = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1")) {
            DnsLookup lookup = new DnsLookup(new DnsLookup.Options(List.of(server.socketAddress()),
                    Optional.of(Duration.ofSeconds(7)), true, false), ForkJoinPool.commonPool());
            assertEquals("192.0.2.1 for 7", result(lookup, "app.example"));
        }
    }

    @Test
    void aliasesAreFollowedInOneResponseAndInSeveral() throws Exception {
        try (NameServer server = new NameServer()
                .knows("one.example A", "one.example. 9 IN CNAME two.example.", "two.example. 60 IN A 192.0.2.1",
                        "other.example. 60 IN A 192.0.2.66")
                .knows("far.example A", "far.example. 60 IN CNAME one.example.")) {
            assertEquals("192.0.2.1 for 9", result(asking(true, false, server), "one.example"));
            assertEquals("192.0.2.1 for 9", result(asking(true, false, server), "far.example"));
        }
    }

    @Test
    void endlessAliasesAreNotFound() throws Exception {
        try (NameServer server = new NameServer().knows("a.example A", "a.example. 60 IN CNAME b.example.")
                .knows("b.example A", "b.example. 60 IN CNAME a.example.")) {
            assertEquals("3: Host not found", failure(asking(true, false, server), "a.example"));
            assertEquals(17, server.questions().size());
        }
    }

    @Test
    void truncatedResponseIsRepeatedOverTcp() throws Exception {
        try (NameServer server = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1").truncating()) {
            assertEquals("192.0.2.1 for 60", result(asking(true, false, server), "app.example"));
            assertEquals(List.of("udp app.example A", "tcp app.example A"), server.questions());
        }
    }

    @Test
    void hostMayHaveHundredsOfAddresses() throws Exception {
        String[] pods = IntStream.range(0, 300).mapToObj(i -> "app.example. 5 IN A 10.0.%d.%d".formatted(i / 200, i % 200 + 1))
                .toArray(String[]::new);
        try (NameServer server = new NameServer().knows("app.example A", pods).truncating()) {
            assertEquals(300, asking(true, false, server).start("app.example").get().addresses().size());
        }
    }

    @Test
    void responseWithAnotherIdIsNotTakenButTheQuestionRepeated() throws Exception {
        try (NameServer server = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1").forged()) {
            assertEquals("192.0.2.1 for 60", result(asking(true, false, server), "app.example"));
            assertEquals(2, server.questions().size());
        }
    }

    /// The servers and how long they are valid: `a.example:80 0/5 192.0.2.1 for 60`, with priority and weight behind the port.
    private static String service(DnsLookup lookup, String name) throws Exception {
        ServiceServers found = lookup.startService(name).get();
        return found.servers().stream().map(server -> "%s:%d %d/%d %s".formatted(server.host(), server.port(), server.priority(),
                server.weight(), server.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "))))
                .sorted().collect(Collectors.joining(", ")) + " for " + found.valid().toSeconds();
    }

    @Test
    void serviceIsFoundWithTheAddressesOfItsHosts() throws Exception {
        try (NameServer server = new NameServer()
                .knows("_http._tcp.app.example SRV", "_http._tcp.app.example. 60 IN SRV 10 5 8001 a.example.",
                        "_http._tcp.app.example. 60 IN SRV 20 0 8002 b.example.",
                        "_http._tcp.app.example. 60 IN SRV 20 7 8003 b.example.")
                .knows("a.example A", "a.example. 30 IN A 192.0.2.1", "a.example. 30 IN A 192.0.2.2")
                .knows("b.example A", "b.example. 45 IN CNAME c.example.", "c.example. 45 IN A 192.0.2.3")) {
            assertEquals("a.example:8001 10/5 192.0.2.1 192.0.2.2, b.example:8002 20/1 192.0.2.3, b.example:8003 20/7 192.0.2.3"
                    + " for 30", service(asking(true, false, server), "_http._tcp.app.example"));
        }
    }

    @Test
    void serviceMayBeAnAlias() throws Exception {
        try (NameServer server = new NameServer()
                .knows("_http._tcp.app.example SRV", "_http._tcp.app.example. 9 IN CNAME _http._tcp.real.example.")
                .knows("_http._tcp.real.example SRV", "_http._tcp.real.example. 60 IN SRV 0 1 80 a.example.")
                .knows("a.example A", "a.example. 60 IN A 192.0.2.1")) {
            assertEquals("a.example:80 0/1 192.0.2.1 for 9", service(asking(true, false, server), "_http._tcp.app.example"));
        }
    }

    @Test
    void hostOfAServiceThatIsNotFoundHasNoAddressAndIsAskedForAgainSoon() throws Exception {
        try (NameServer server = new NameServer()
                .knows("_http._tcp.app.example SRV", "_http._tcp.app.example. 60 IN SRV 0 1 80 a.example.",
                        "_http._tcp.app.example. 60 IN SRV 0 1 80 gone.example.")
                .knows("a.example A", "a.example. 60 IN A 192.0.2.1")) {
            assertEquals("a.example:80 0/1 192.0.2.1, gone.example:80 0/1  for 5",
                    service(asking(true, false, server), "_http._tcp.app.example"));
        }
    }

    @Test
    void serviceWithoutUsableServersIsNotFound() throws Exception {
        try (NameServer server = new NameServer()
                .knows("_off._tcp.app.example SRV", "_off._tcp.app.example. 60 IN SRV 0 0 0 .")
                .knows("_lost._tcp.app.example SRV", "_lost._tcp.app.example. 60 IN SRV 0 1 80 gone.example.")
                .fails("_bad._tcp.app.example", 2)) {
            DnsLookup lookup = asking(true, false, server);
            for (String name : List.of("_off._tcp.app.example", "_lost._tcp.app.example", "_none._tcp.app.example")) {
                assertEquals("3: Host not found", failureOfService(lookup, name));
            }
            assertEquals("2: Server failure", failureOfService(lookup, "_bad._tcp.app.example"));
        }
    }

    private static String failureOfService(DnsLookup lookup, String name) {
        return assertThrows(ExecutionException.class, () -> lookup.startService(name).get()).getCause().getMessage();
    }

    @Test
    void slowLookupEndsWithTheTimeOut() throws Exception {
        try (NameServer server = new NameServer().silent()) {
            HostLookup lookup = new TimedLookup(asking(true, false, server), Duration.ofMillis(20));
            ExecutionException failure = assertThrows(ExecutionException.class, () -> lookup.start("app.example").get());
            assertEquals("110: Operation timed out", failure.getCause().getMessage());
        }
    }

    @Test
    void nextServerIsAskedWhereOneFails() throws Exception {
        try (NameServer bad = new NameServer().fails("app.example", 2);
             NameServer good = new NameServer().knows("app.example A", "app.example. 60 IN A 192.0.2.1")) {
            DnsLookup lookup = asking(true, false, bad, good);
            for (int i = 0; i < 4; i++) {
                assertEquals("192.0.2.1 for 60", result(lookup, "app.example"));
            }
            assertEquals(2, bad.questions().size());
            assertEquals(4, good.questions().size());
        }
    }

    @Test
    void serverThatRefusesQuestionsIsNamedAsSuch() throws Exception {
        NameServer closed = new NameServer();
        closed.close();
        assertEquals("111: Connection refused", failure(asking(true, false, closed), "app.example"));
    }

    @Test
    void failureHasTheReasonOfTheServer() throws Exception {
        try (NameServer server = new NameServer().fails("a.example", 2).fails("b.example", 5)
                .knows("empty.example TXT", "empty.example. 60 IN TXT x")) {
            DnsLookup lookup = asking(true, true, server);
            assertEquals("2: Server failure", failure(lookup, "a.example"));
            assertEquals("5: Operation refused", failure(lookup, "b.example"));
            assertEquals("3: Host not found", failure(lookup, "none.example"));
            assertEquals("3: Host not found", failure(lookup, "empty.example"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a\\046b", "[", "\u00e9.example", "a/b"})
    void whatIsNoHostNameIsNotAskedFor(String host) throws Exception {
        try (NameServer server = new NameServer()) {
            assertEquals("3: Host not found", failure(asking(true, true, server), host));
            assertEquals(List.of(), server.questions());
        }
    }
}

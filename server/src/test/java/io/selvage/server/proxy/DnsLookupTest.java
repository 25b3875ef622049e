package io.selvage.server.proxy;

import io.selvage.server.proxy.HostLookup.HostAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

@Timeout(20)
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

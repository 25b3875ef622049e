package io.selvage.server.route;

import io.selvage.server.net.AddressText;
import io.selvage.server.net.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TrustedProxiesTest {
    private static final List<Cidr> NETWORKS = Stream.of("10.0.0.0/8", "::1").map(Cidr::parse).toList();
    private static final SocketAddress PROXY = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 5000);

    private static String client(boolean recursive, SocketAddress peer, String... fields) {
        return AddressText.withPort(new TrustedProxies(NETWORKS, true, recursive).client(peer, List.of(fields)));
    }

    @ParameterizedTest(name = "{0} names {1}, recursively {2}")
    @CsvSource(delimiter = '|', value = {
        "192.0.2.1|192.0.2.1:0|192.0.2.1:0",
        "192.0.2.1:99|192.0.2.1:99|192.0.2.1:99",
        "[2001:db8::1]:99|[2001:db8::1]:99|[2001:db8::1]:99",
        "2001:db8::1|[2001:db8::1]:0|[2001:db8::1]:0",
        "192.0.2.1, 10.0.0.2|10.0.0.2:0|192.0.2.1:0",
        "192.0.2.1,10.0.0.2 , ::1,|[::1]:0|192.0.2.1:0",
        "198.51.100.1, 192.0.2.1, 10.0.0.2|10.0.0.2:0|192.0.2.1:0",
        "unknown, 10.0.0.2|10.0.0.2:0|10.0.0.2:0",
        "10.0.0.3, 10.0.0.2|10.0.0.2:0|10.0.0.3:0",
        "unknown|10.0.0.1:5000|10.0.0.1:5000",
        "192.0.2.1:x|10.0.0.1:5000|10.0.0.1:5000",
        "192.0.2.1:65536|10.0.0.1:5000|10.0.0.1:5000",
        "192.0.2|10.0.0.1:5000|10.0.0.1:5000",
        "[2001:db8::1]|10.0.0.1:5000|10.0.0.1:5000",
        "fe80::1%lo|10.0.0.1:5000|10.0.0.1:5000",
        "' , '|10.0.0.1:5000|10.0.0.1:5000",
    })
    void proxyNamesTheClientInItsLastAddress(String field, String last, String recursively) {
        assertEquals(last, client(false, PROXY, field));
        assertEquals(recursively, client(true, PROXY, field));
    }

    @Test
    void fieldsAreOneListOfAddresses() {
        assertEquals("10.0.0.2:0", client(false, PROXY, "192.0.2.1", "10.0.0.2"));
        assertEquals("192.0.2.1:0", client(true, PROXY, "198.51.100.1", "192.0.2.1", "10.0.0.2"));
        assertEquals("10.0.0.1:5000", client(true, PROXY));
    }

    @Test
    void peerThatIsNoProxyIsTheClient() {
        SocketAddress stranger = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.9"), 80);
        assertEquals("192.0.2.9:80", client(true, stranger, "192.0.2.1"));
    }

    @Test
    void unixSocketMayBeAProxy() {
        SocketAddress local = UnixDomainSocketAddress.of("/s");
        assertEquals("192.0.2.1:0", client(true, local, "192.0.2.1"));
        TrustedProxies withoutSockets = new TrustedProxies(NETWORKS, false, true);
        assertEquals("unix:/s", AddressText.withPort(withoutSockets.client(local, List.of("192.0.2.1"))));
    }
}

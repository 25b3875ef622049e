package io.selvage.loadbalancer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class IpHashTest {
    /// The expected peers were calculated with the same constants, without this code.
    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        // client,        of a b c, of a b c weighing 5 2 1, of a b c when the first is out
        "10.0.0.1,        a, b, b",
        "10.0.0.200,      a, b, b",
        "10.0.1.1,        b, b, c",
        "127.0.0.1,       c, a, b",
        "192.168.1.77,    b, a, c",
        "203.0.113.9,     a, a, c",
        "255.255.255.255, a, c, b",
        "2001:db8::1,     c, a, a",
        "2001:db8::2,     a, a, b",
        "::1,             c, a, a"})
    void clientNetworkDeterminesThePeer(String client, String equal, String weighted, String next) throws UnknownHostException {
        byte[] key = InetAddress.ofLiteral(client).getAddress();
        var app = TestUpstream.of(new Policy.IpHash(), "a", "b", "c");

        assertEquals(equal, app.serve(key));
        assertEquals(equal, app.serve(key));
        assertEquals(weighted, TestUpstream.of(new Policy.IpHash(), "a weight=5", "b weight=2", "c").serve(key));
        app.fail(equal, 1);
        assertEquals(next, app.serve(key));
    }

    @Test
    void clientsWithoutAnAddressShareAPeer() {
        assertEquals("b", TestUpstream.of(new Policy.IpHash(), "a", "b", "c").serve(TestUpstream.NO_KEY));
        assertEquals("c", TestUpstream.of(new Policy.IpHash(), "a weight=5", "b weight=2", "c").serve(new byte[7]));
    }

    @Test
    void peerThatIsDownDoesNotMoveOtherClients() throws UnknownHostException {
        var app = TestUpstream.of(new Policy.IpHash(), "a", "b", "c down");

        assertEquals("a", app.serve(InetAddress.ofLiteral("10.0.0.1").getAddress()));
        assertEquals("b", app.serve(InetAddress.ofLiteral("10.0.1.1").getAddress()));
        assertEquals("b", app.serve(InetAddress.ofLiteral("127.0.0.1").getAddress()));
    }
}

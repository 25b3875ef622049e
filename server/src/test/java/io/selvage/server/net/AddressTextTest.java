package io.selvage.server.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AddressTextTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:0:0:0:0:0, 1::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    })
    void ipv6AddressesAreShortened(String literal, String text) {
        assertEquals(text, AddressText.host(new InetSocketAddress(InetAddress.ofLiteral(literal), 80)));
    }

    @Test
    void unixSocketHasAPathAndNoPort() {
        var address = UnixDomainSocketAddress.of("/run/app.sock");
        assertEquals("unix:/run/app.sock", AddressText.host(address));
        assertEquals("", AddressText.port(address));
    }
}

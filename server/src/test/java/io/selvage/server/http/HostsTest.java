package io.selvage.server.http;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HostsTest {

    @ParameterizedTest
    @CsvSource({"a,a,-1", "Example.COM,example.com,-1", "example.com.,example.com,-1", "example.com.:80,example.com,80",
        "a:,a,-1", "a:0,a,0", "a:65535,a,65535", "1.2.3.4:5,1.2.3.4,5", "[::1],[::1],-1", "[ABCD::1]:443,[abcd::1],443",
        "[::ffff:1.2.3.4],[::ffff:1.2.3.4],-1", "a_b-c~d,a_b-c~d,-1", "'[v1F.a:$&,]','[v1f.a:$&,]',-1"})
    void row28ReadsNameAndPort(String text, String name, int port) {
        assertEquals(Optional.of(new Hosts.Host(name, port)), Hosts.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".a", "a..b", "a..", "a,b", "a b", " a", "a:65536", "a:123456", "a:b",
        "a:1:2", "a:-1", "a:+1", "a/", "a\\b", "u@a", "a?b", "a#b", "[::1", "::1", "[]", "[::1]x",
        "[::1].", "x[::1]", "[1.2.3.4]",
        "[::g]", "[fe80::1%eth0]", "[v.a]", "[v1.]", "[vg.a]", "a%41", "\u00e4", "a\u0000", "[::1]]", "[a/b]", "*"})
    void row27RefusesWhatIsNoHost(String text) {
        assertEquals(Optional.empty(), Hosts.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"GET,http://B.c:1/,a,b.c", "GET,/,A.,a", "GET,/,,"})
    void theTargetWinsOverTheField(String method, String target, String host, String expected) {
        var reading = (Targets.Reading.Understood) Targets.parse(target, true);
        Headers headers = host == null ? Headers.EMPTY : Headers.of("Host", host);
        RequestHead head = new RequestHead(Method.of(method), reading.target(), Version.HTTP_1_0, headers, "", 0);

        assertEquals(Optional.ofNullable(expected), Hosts.of(head).map(Hosts.Host::name));
    }
}

package io.selvage.server.config;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Who listens where, and which location is for what.
class SitesTest {

    @Test
    void locationsStandInTheOrderInWhichTheyAreTried() throws ConfigProblems {
        Config config = Configs.parse("""
                server {
                    location / { }
                    location @a { }
                    location ~ b { }
                    location /long { }
                    location = /exact { }
                    location ~* a { }
                    location ^~ /longer { }
                }
                """);
        assertEquals(List.of("= /exact", "^~ /longer", "/long", "/", "~ b", "~* a", "@a"),
                config.http().servers().getFirst().locations().stream()
                        .map(location -> String.join(" ", location.match().words())).toList());
    }

    @ParameterizedTest
    @CsvSource({"=/a, = /a", "^~/a, ^~ /a", "~a, ~ a", "~*a, ~* a", "@a, @a", "'= /a', = /a", "/a, /a"})
    void theSignOfALocationMayStickToItsPath(String written, String words) throws ConfigProblems {
        Config config = Configs.parse("server { location " + written + " { } }");
        assertEquals(words, String.join(" ", config.http().servers().getFirst().locations().getFirst().match().words()));
    }

    @ParameterizedTest
    @CsvSource({"80, 0.0.0.0:80", "*:81, 0.0.0.0:81", "127.0.0.1:0, 127.0.0.1:0", "127.0.0.1, 127.0.0.1:80",
        "[::]:80, [::]:80", "[::1], [::1]:80", "localhost:8000, localhost:8000", "example.org, example.org:80",
        "unix:/run/a.socket, unix:/run/a.socket"})
    void anAddressMayLackWhatIsUsual(String written, String address) throws ConfigProblems {
        assertEquals(address, Configs.parse("server { listen " + written + "; }")
                .http().servers().getFirst().listens().getFirst().address().toString());
    }

    @ParameterizedTest
    @CsvSource({"A.Example, Exact[name=a.example]", "*.A, 'Under[domain=a, orItself=false]'",
        ".a, 'Under[domain=a, orItself=true]'", "a.*, Starting[start=a]", "~^A, Matching[regex=^A]",
        "$hostname, Hostname[]", "_, Exact[name=_]", "'\"\"', Exact[name=]"})
    void aServerHasNamesOfFiveKinds(String written, String name) throws ConfigProblems {
        assertEquals(name, Configs.parse("server { server_name " + written + "; }")
                .http().servers().getFirst().names().getFirst().toString());
    }

    @Test
    void theDefaultServerOfAnAddressComesFirstWhereverItStands() throws ConfigProblems {
        HttpConfig http = Configs.parse("""
                server { server_name a; listen 80; listen 81; }
                server { server_name b; listen 81 backlog=9; listen 80 default_server; }
                server { server_name c; listen unix:/c; listen 81; }
                """).http();
        assertEquals(List.of("0.0.0.0:80 [b, a]", "0.0.0.0:81 [a, b, c]", "unix:/c [c]"),
                http.listeners().stream().map(SitesTest::shown).toList());
        assertEquals(9, http.listeners().get(1).listen().options().backlog());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://app            | Group[name=app]                      | app         |",
        "http://app/           | Group[name=app]                      | app         | /",
        "http://APP.example:81 | Peer[address=APP.example:81]         | APP.example:81 |",
        "http://a:80/x?y       | Peer[address=a:80]                   | a           | /x?y",
        "HTTP://[::1]          | Peer[address=[::1]:80]               | [::1]       |",
        "http://unix:/a:/x     | Peer[address=unix:/a]                | localhost   | /x",
        "http://unix:/a        | Peer[address=unix:/a]                | localhost   |",
        "http://$host/x        | Computed[text=http://${host}/x]      |             |",
    })
    void whatIsPassedToHasAnAuthorityAndPerhapsAPath(String url, String target, String authority, String path)
            throws ConfigProblems {
        Config config = Configs.parse("upstream app { server a; } server { location /a { proxy_pass " + url + "; } }");
        var proxy = (Action.Proxy) config.http().servers().getFirst().locations().getFirst().action();
        assertEquals(target, proxy.target().toString());
        assertEquals(authority == null ? "" : authority, proxy.authority());
        assertEquals(path == null ? "" : path, proxy.path());
    }

    private static String shown(ListenerConfig listener) {
        return listener.listen().address() + " " + listener.servers().stream().map(server -> server.names().getFirst().written())
                .toList();
    }
}

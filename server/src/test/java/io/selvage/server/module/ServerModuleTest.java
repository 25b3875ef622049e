package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Section;
import io.selvage.server.route.SiteName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Who listens where, and which location is for what.
class ServerModuleTest {

    @ParameterizedTest
    @CsvSource({"=/a, = /a", "^~/a, ^~ /a", "~a, ~ a", "~*a, ~* a", "@a, @a", "'= /a', = /a", "/a, /a"})
    void modifierMayPrecedeThePathWithoutSpace(String written, String words) throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("server { location " + written + " { } }");
        Section location = server(config).inside(Contexts.LOCATION).getFirst();
        assertEquals(words, String.join(" ", LocationMatch.words(LocationMatch.of(location.scope()).orElseThrow())));
    }

    @ParameterizedTest
    @CsvSource({"80, 0.0.0.0:80", "*:81, 0.0.0.0:81", "127.0.0.1:0, 127.0.0.1:0", "127.0.0.1, 127.0.0.1:80",
        "[::]:80, [::]:80", "[::1], [::1]:80", "localhost:8000, localhost:8000", "example.org, example.org:80",
        "unix:/run/a.socket, unix:/run/a.socket"})
    void partsOfAnAddressAreOptional(String written, String address) throws ConfigProblems {
        assertEquals(address, site("server { listen " + written + "; }").listens().getFirst().address().toString());
    }

    @ParameterizedTest
    @CsvSource({"so_keepalive=on, so_keepalive=on", "so_keepalive=off,", "so_keepalive=30m::10, so_keepalive=1800::10",
        "so_keepalive=:5s:, so_keepalive=:5:", "so_keepalive=1d:1h:127, so_keepalive=32767:3600:127", "backlog=511,",
        "fastopen=3, fastopen=3", "deferred, deferred", "ipv6only=on,", "ipv6only=off, ipv6only=off",
        "rcvbuf=8192, rcvbuf=8k", "sndbuf=1m, sndbuf=1m", "reuseport, reuseport", "bind,", "default, default_server"})
    void socketOptionsOfAnAddressAreRead(String written, String read) throws ConfigProblems {
        Listen listen = site("server { listen [::]:80 " + written + "; }").listens().getFirst();
        assertEquals("[::]:80" + (read == null ? "" : " " + read), String.join(" ", listen.words()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "so_keepalive=::  | \"so_keepalive\" needs \"on\", \"off\" or \"idle:interval:count\", got \"::\"",
        "so_keepalive=1:2 | \"so_keepalive\" needs \"on\", \"off\" or \"idle:interval:count\", got \"1:2\"",
        "so_keepalive=1:2:x | \"so_keepalive\" needs a number, got \"x\"",
        "so_keepalive=maybe | \"so_keepalive\" needs \"on\" or \"off\", got \"maybe\"",
        "fastopen=no | \"fastopen\" needs a number, got \"no\"",
        "setfib=1 | \"listen\" has no parameter \"setfib=1\"",
        "accept_filter=dataready | \"listen\" has no parameter \"accept_filter=dataready\""})
    void unsupportedOptionIsRefused(String written, String problem) {
        ConfigProblems problems =
                assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.parse("server { listen 80 " + written + "; }"));
        assertTrue(problems.getMessage().lines().findFirst().orElseThrow().endsWith(": " + problem), problems.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"A.Example, Exact[host=a.example]", "*.A, 'Under[suffix=a, itselfToo=false]'",
        ".a, 'Under[suffix=a, itselfToo=true]'", "a.*, Starting[prefix=a]", "~^A, Matching[regex=^A]",
        "_, Exact[host=_]", "'\"\"', Exact[host=]"})
    void serverNamesAreOfFourKinds(String written, String name) throws ConfigProblems {
        assertEquals(name, site("server { server_name " + written + "; }").names().getFirst().toString());
    }

    @Test
    void defaultServerComesFirst() throws Exception {
        Section http = Modules.LANGUAGE.parse("""
                server { server_name a; listen 80; listen 81; }
                server { server_name b; listen 81 backlog=9; listen 80 default_server; }
                server { server_name c; listen unix:/c; listen 81; }
                """).block(Contexts.HTTP);
        List<ListenerSites> listeners = List.copyOf(ListenerSites.of(http, List::of).values());
        assertEquals(List.of("0.0.0.0:80 [b, a]", "0.0.0.0:81 [a, b, c]", "unix:/c [c]"),
                listeners.stream().map(ServerModuleTest::shown).toList());
        assertEquals(9, listeners.get(1).listen().options().backlog());
    }

    @Test
    void namesAreListenedOnAtAllTheirAddresses() throws Exception {
        Section http = Modules.LANGUAGE.parse("""
                server { server_name a; listen two.test:80; }
                server { server_name b; listen 10.0.0.2:80 default_server; listen one.test:81; }
                """).block(Contexts.HTTP);
        Map<String, List<String>> resolved = Map.of("two.test:80", List.of("10.0.0.1:80", "10.0.0.2:80"),
                "10.0.0.2:80", List.of("10.0.0.2:80"), "one.test:81", List.of("10.0.0.1:81"));
        Map<String, String> servers = new LinkedHashMap<>();
        ListenerSites.of(http, address -> resolved.get(address.toString())).forEach((address, listener) ->
                servers.put(address, listener.servers().stream().map(ServerModule::name).toList().toString()));
        assertEquals(Map.of("10.0.0.1:80", "[a]", "10.0.0.2:80", "[b, a]", "10.0.0.1:81", "[b]"), servers);
    }

    @Test
    void hostnameOfTheMachineIsASiteName() throws ConfigProblems {
        assertEquals(List.of(new SiteName.Exact(VariableSources.machineName())),
                site("server { server_name $hostname; }").names());
    }

    private static Section server(Config config) {
        return config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
    }

    private static ServerModule.SiteSettings site(String text) throws ConfigProblems {
        return server(Modules.LANGUAGE.parse(text)).get(ServerModule.SiteSettings.class);
    }

    private static String shown(ListenerSites listener) {
        return listener.listen().address() + " " + listener.servers().stream().map(ServerModule::name).toList();
    }
}

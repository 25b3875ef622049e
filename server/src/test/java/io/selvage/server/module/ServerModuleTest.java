package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Section;
import io.selvage.server.route.SiteName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Who listens where, and which location is for what.
class ServerModuleTest {

    @ParameterizedTest
    @CsvSource({"=/a, = /a", "^~/a, ^~ /a", "~a, ~ a", "~*a, ~* a", "@a, @a", "'= /a', = /a", "/a, /a"})
    void theSignOfALocationMayStickToItsPath(String written, String words) throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("server { location " + written + " { } }");
        Section location = server(config).inside(Contexts.LOCATION).getFirst();
        assertEquals(words, String.join(" ", LocationMatch.words(LocationMatch.of(location.scope()).orElseThrow())));
    }

    @ParameterizedTest
    @CsvSource({"80, 0.0.0.0:80", "*:81, 0.0.0.0:81", "127.0.0.1:0, 127.0.0.1:0", "127.0.0.1, 127.0.0.1:80",
        "[::]:80, [::]:80", "[::1], [::1]:80", "localhost:8000, localhost:8000", "example.org, example.org:80",
        "unix:/run/a.socket, unix:/run/a.socket"})
    void anAddressMayLackWhatIsUsual(String written, String address) throws ConfigProblems {
        assertEquals(address, site("server { listen " + written + "; }").listens().getFirst().address().toString());
    }

    @ParameterizedTest
    @CsvSource({"A.Example, Exact[host=a.example]", "*.A, 'Under[suffix=a, itselfToo=false]'",
        ".a, 'Under[suffix=a, itselfToo=true]'", "a.*, Starting[prefix=a]", "~^A, Matching[regex=^A]",
        "_, Exact[host=_]", "'\"\"', Exact[host=]"})
    void aServerHasNamesOfFourKinds(String written, String name) throws ConfigProblems {
        assertEquals(name, site("server { server_name " + written + "; }").names().getFirst().toString());
    }

    @Test
    void theDefaultServerOfAnAddressComesFirstWhereverItStands() throws ConfigProblems {
        Section http = Modules.LANGUAGE.parse("""
                server { server_name a; listen 80; listen 81; }
                server { server_name b; listen 81 backlog=9; listen 80 default_server; }
                server { server_name c; listen unix:/c; listen 81; }
                """).block(Contexts.HTTP);
        List<ListenerSites> listeners = ListenerSites.of(http);
        assertEquals(List.of("0.0.0.0:80 [b, a]", "0.0.0.0:81 [a, b, c]", "unix:/c [c]"),
                listeners.stream().map(ServerModuleTest::shown).toList());
        assertEquals(9, listeners.get(1).listen().options().backlog());
    }

    @Test
    void theNameOfTheMachineIsANameOfASite() throws ConfigProblems {
        assertEquals(List.of(new SiteName.Exact(ServerVariables.hostname())), site("server { server_name $hostname; }").names());
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

package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;

@Timeout(60)
class BrowserDirectivesTest {
    private static final String MSIE = "Mozilla/4.0 (compatible; MSIE %s; Windows NT 5.1)";

    private static String kind(String directives, String agent) throws IOException {
        try (TestServer server = site(directives + " return 200 '$modern_browser:$ancient_browser:$msie';")) {
            return body(get(server, "/", agent.isEmpty() ? "" : "User-Agent: " + agent + "\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "modern_browser msie 5.5; | Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1) | 1::1",
        "modern_browser msie 5.5; | Mozilla/4.0 (compatible; MSIE 5.5; Windows NT 5.1) | 1::1",
        "modern_browser msie 5.5; | Mozilla/4.0 (compatible; MSIE 5.01; Windows NT 5.1) | :1:1",
        "modern_browser gecko 1.0.0; | Mozilla/5.0 (X11; U; Linux i686; rv:1.7.12) Gecko/20051010 | 1::",
        "modern_browser gecko 2; | Mozilla/5.0 (X11; U; Linux i686; rv:1.7.12) Gecko/20051010 | :1:",
        "modern_browser opera 9; | Opera 8.54 (Windows NT 5.1; U; en) | :1:",
        "modern_browser safari 400; | Mozilla/5.0 (Macintosh; U; PPC Mac OS X; en) AppleWebKit/125.2 Safari/412.0 | 1::",
        "modern_browser konqueror 3; | Mozilla/5.0 (compatible; Konqueror/3.4; Linux) | 1::",
        "modern_browser unlisted; | Lynx/2.8 | 1::",
        "modern_browser msie 7; | Lynx/2.8 | :1:",
    })
    @Effect("modern_browser")
    void modernBrowserNamesModernVersions(String directives, String agent, String kind) throws IOException {
        assertEquals(kind, kind(directives, agent));
    }

    @ParameterizedTest
    @CsvSource({"Lynx/2.8, :1:", "Links, 1::", "Mozilla/4.7 [en], :1:", "Mozilla/5.0 (a), 1::"})
    @Effect("ancient_browser")
    void ancientBrowserNamesOthersThanUnlistedOnes(String agent, String kind) throws IOException {
        assertEquals(kind, kind("modern_browser unlisted; ancient_browser Lynx netscape4;", agent));
    }

    @ParameterizedTest
    @CsvSource({"6.0, new::1", "4.0, :old:1"})
    @Effect({"modern_browser_value", "ancient_browser_value"})
    void theValuesOfTheVariablesAreSet(String version, String kind) throws IOException {
        assertEquals(kind, kind("modern_browser msie 5; modern_browser_value new; ancient_browser_value old;",
                MSIE.formatted(version)));
    }
}

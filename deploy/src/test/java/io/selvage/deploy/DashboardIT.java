package io.selvage.deploy;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/// The dashboard in chromium. The tests wait for what the page shows, for at most [#PATIENCE_MILLIS].
class DashboardIT {
    private static final double PATIENCE_MILLIS = 20_000;
    private static final int PHONE_WIDTH = 360;
    private static final String SITE = """
            admin 127.0.0.1:%d;
            events { }
            http {
                access_log off;
                upstream application { server 127.0.0.1:%d; server 127.0.0.1:%d; }
                upstream fragile { server 127.0.0.1:%d max_fails=1 fail_timeout=60s; server 127.0.0.1:%d; }
                server {
                    listen 127.0.0.1:%d;
                    location /app/ { proxy_pass http://application; }
                    location /fragile/ { proxy_pass http://fragile; }
                }
            }
            """;
    /// The texts of the page with a contrast below 4.5 between their colour and what is behind them (WCAG 2.2, 1.4.3).
    private static final String POOR_CONTRAST = """
            () => {
              const channels = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
                  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = element => {
                for (let e = element; e !== null; e = e.parentElement) {
                  const colour = channels(getComputedStyle(e).backgroundColor);
                  if (colour.length === 3 || colour[3] === 1) return colour;
                }
                return [255, 255, 255];
              };
              const poor = [];
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
                const element = text.parentElement;
                if (text.data.trim() === "" || !element.checkVisibility() || element.closest("noscript, option")) continue;
                const style = getComputedStyle(element);
                const own = light(channels(element instanceof SVGElement ? style.fill : style.color));
                const paper = light(behind(element));
                const ratio = (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
                if (ratio < 4.5) poor.push(`${ratio.toFixed(2)}: ${text.data.trim()}`);
              }
              return poor;
            }
            """;

    @TempDir
    private static Path folder;
    private static final List<HttpServer> PEERS = new ArrayList<>();
    private static Playwright playwright;
    private static Browser browser;
    private static SelvageProcess selvage;
    private static int port;
    private static int adminPort;

    private final List<String> requests = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(chromium())
                .setArgs(List.of("--no-sandbox")));
        for (int i = 0; i < 4; i++) {
            PEERS.add(peer());
        }
        port = SelvageProcess.freePort();
        adminPort = SelvageProcess.freePort();
        selvage = SelvageProcess.start(folder, site());
        visit();
    }

    private static void visit() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertEquals(200, get("/app/hello"));
        }
    }

    private static Path chromium() throws Exception {
        String program = Arrays.stream(System.getenv("PATH").split(":")).map(each -> each + "/chromium")
                .filter(each -> Files.isExecutable(Path.of(each))).findFirst().orElse("/usr/bin/chromium");
        Application.require(program, "");
        return Path.of(program);
    }

    private static HttpServer peer() throws Exception {
        HttpServer peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("X-Peer", Integer.toString(peer.getAddress().getPort()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        peer.start();
        return peer;
    }

    private static String site() {
        return SITE.formatted(adminPort, portOf(0), portOf(1), portOf(2), portOf(3), port);
    }

    private static int portOf(int peer) {
        return PEERS.get(peer).getAddress().getPort();
    }

    private static int get(String path) throws Exception {
        return get(port, path);
    }

    private static int get(int ofPort, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + ofPort + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        selvage.close();
        PEERS.forEach(peer -> peer.stop(0));
        browser.close();
        playwright.close();
    }

    @BeforeEach
    void open() {
        open(new Browser.NewContextOptions().setViewportSize(1280, 900));
    }

    private void open(Browser.NewContextOptions options) {
        close();
        context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.navigate("http://127.0.0.1:" + adminPort + "/");
        awaitText(page.locator("#live"), "Live");
        page.locator("#slow-list li").first().waitFor();
    }

    @AfterEach
    void close() {
        if (context != null) {
            context.close();
        }
    }

    private static void awaitText(Locator place, String text) {
        assertThat(place).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private Locator peerRow(int peer) {
        return page.locator(".peers tbody tr").filter(new Locator.FilterOptions().setHasText("127.0.0.1:" + portOf(peer)));
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void showsTheRequestsOfLocationsAndPeers() throws Exception {
        awaitText(page.locator(".heat", new Page.LocatorOptions().setHasText("Location /app/")), "request");
        awaitText(page.locator(".heat", new Page.LocatorOptions().setHasText("Peer 127.0.0.1:" + portOf(0))), "request");
        awaitText(page.locator("#slow-list"), "GET /app/hello");
        awaitText(page.locator("#slow-list"), "first byte");
        awaitText(page.locator("#slow-list"), "JVM meanwhile");
        awaitText(page.locator("#configuration"), "none since the start");
        awaitText(page.locator("#carriers, #io").first(), "io ");

        Locator tile = page.locator("#tiles li", new Page.LocatorOptions().setHasText("since the start"));
        String before = tile.locator(".facts").textContent();
        get("/app/more");
        assertThat(tile.locator(".facts")).not().hasText(before,
                new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void aKilledPeerBecomesUnavailableAndThePageSaysWhy() throws Exception {
        awaitText(peerRow(2), "up");
        PEERS.get(2).stop(0);
        for (int i = 0; i < 2; i++) {
            assertEquals(200, get("/fragile/"));
        }
        awaitText(peerRow(2), "unavailable");
        assertNotEquals("", peerRow(2).locator(".reason").textContent());
        awaitText(page.locator("#findings"), "Peer 127.0.0.1:" + portOf(2) + " of fragile is unavailable");
    }

    @Test
    void aPeerIsDrainedByAClickAfterAConfirmation() throws Exception {
        String address = "127.0.0.1:" + portOf(1);
        button("Drain: " + address).click();
        awaitText(page.locator("#change-dialog"), "Drain " + address + "?");
        button("Drain").click();
        awaitText(peerRow(1), "draining");
        assertThat(page.locator("#change-dialog")).isHidden();
        assertThat(button("Drain: " + address)).isFocused();

        button("Up: " + address).click();
        button("Up").click();
        awaitText(peerRow(1), "up");
    }

    @Test
    void whatTheServerRefusesIsShownInTheDialog() {
        page.route("**/peers/*", route -> route.fulfill(new Route.FulfillOptions().setStatus(409)
                .setContentType("application/problem+json").setBody("{\"detail\": \"somebody else changed it\"}")));
        button("Down: 127.0.0.1:" + portOf(0)).click();
        button("Down").click();
        awaitText(page.locator("#change-dialog"), "The server refused: somebody else changed it");
        button("Cancel").click();
        awaitText(peerRow(0), "up");
    }

    @Test
    void theDrainButtonIsReachedAndUsedWithTheKeyboard() {
        page.locator("body").press("Tab");
        awaitText(page.locator(":focus"), "Skip to the upstreams");
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        assertThat(button("Drain: 127.0.0.1:" + portOf(0))).isFocused();
        page.keyboard().press("Enter");
        assertThat(button("Cancel")).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator("#change-dialog")).isHidden();
        assertThat(button("Drain: 127.0.0.1:" + portOf(0))).isFocused();
    }

    @Test
    void arrowKeysChooseAMomentOfTheCharts() {
        String interval = """
                {"from": "2026-01-01T00:00:%d0Z", "to": "2026-01-01T00:00:%d0Z", "classes": [0, 0, 1, 0, 0, 0],
                  "received_bytes": 1, "sent_bytes": 1, "series": []}
                """;
        page.route("**/api/history*", route -> route.fulfill(new Route.FulfillOptions().setContentType("application/json")
                .setBody("{\"bounds_seconds\": [1], \"intervals\": [" + interval.formatted(0, 1) + "," + interval.formatted(1, 2)
                        + "]}")));
        page.reload();
        Locator moment = page.locator("#chart-requests .moment");
        awaitText(moment, ":20 (now)");
        page.locator("#chart-requests .time").press("ArrowLeft");
        assertThat(moment).hasText(Pattern.compile(":00 to \\S+:10"));
        page.keyboard().press("Escape");
        awaitText(moment, ":20 (now)");
    }

    @Test
    void thePhasesOfARepeatedRequestAddUpToItsDuration() {
        String expected = "wait 0.25, failed attempt 0.5, in the queue 0.25, connect 0.25, first byte 1, body 0.5, send 0.25";
        assertEquals(expected, page.evaluate("""
                async () => {
                  const {phases} = await import("/model.js");
                  return phases({seconds: 3, attempts: [
                    {peer: "a", status: 502, queue_seconds: 0.25, total_seconds: 0.5},
                    {peer: "b", status: 200, queue_seconds: 1, waited_seconds: 0.25, total_seconds: 1.75,
                      connect_seconds: 0.25, first_byte_seconds: 1},
                  ]}).map(part => `${part.label} ${part.seconds}`).join(", ");
                }
                """));
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void aPhoneShowsThePageWithoutScrollingSidewaysAndWithEnoughContrast(ColorScheme colours) {
        for (int width : new int[] {PHONE_WIDTH, 1280}) {
            open(new Browser.NewContextOptions().setViewportSize(width, 740).setColorScheme(colours));
            button("Down: 127.0.0.1:" + portOf(0)).click();
            assertEquals(width, page.evaluate("() => document.documentElement.scrollWidth"));
            assertEquals(List.of(), page.evaluate(POOR_CONTRAST));
        }
    }

    @Test
    void theChoiceOfColoursIsKept() {
        page.locator("#theme").selectOption("dark");
        String dark = (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        page.reload();
        assertThat(page.locator("#theme")).hasValue("dark");
        assertEquals(dark, page.evaluate("() => getComputedStyle(document.body).backgroundColor"));
    }

    /// Fifteen things need attention in fourteen upstreams: each has two peers that refuse connections, one of them in common.
    @Test
    void longListsAreShortUntilTheButtonIsPressed(@TempDir Path manyFolder) throws Exception {
        int refusing = SelvageProcess.freePort();
        int sitePort = SelvageProcess.freePort();
        int dashboardPort = SelvageProcess.freePort();
        StringBuilder upstreams = new StringBuilder();
        StringBuilder locations = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            upstreams.append("""
                    upstream u%d {
                        server 127.0.0.1:%d fail_timeout=1h; server 127.0.0.%d:%d fail_timeout=1h; server 127.0.0.1:%d;
                    }
                    """.formatted(i, refusing, i + 2, refusing, portOf(3)));
            locations.append("location /%d/ { proxy_pass http://u%d; }\n".formatted(i, i));
        }
        try (var _ = SelvageProcess.start(manyFolder, """
                admin 127.0.0.1:%d;
                events { }
                http { access_log off; %s server { listen 127.0.0.1:%d; %s } }
                """.formatted(dashboardPort, upstreams, sitePort, locations))) {
            for (int i = 0; i < 14; i++) {
                for (int k = 0; k < 3; k++) {
                    assertEquals(200, get(sitePort, "/" + i + "/"));
                }
            }
            page.navigate("http://127.0.0.1:" + dashboardPort + "/");
            Locator findings = page.locator("#findings li");
            awaitText(findings.first(), "Peer 127.0.0.1:" + refusing + " of u0 and 13 other upstreams is unavailable");
            assertThat(findings).hasCount(8);
            page.locator("#more-findings").click();
            assertThat(findings).hasCount(15);
            assertThat(page.locator(".upstream")).hasCount(12);
            Locator moreUpstreams = page.locator("#more-upstreams");   // the heat map may have such a button too by now
            assertThat(moreUpstreams).hasText("Show all 14");
            moreUpstreams.click();
            assertThat(page.locator(".upstream")).hasCount(14);
            moreUpstreams.click();
            assertThat(page.locator(".upstream")).hasCount(12);
        }
    }

    @Test
    void noRequestLeavesTheServer() {
        Pattern own = Pattern.compile("http://127\\.0\\.0\\.1:" + adminPort + "/.*");
        assertEquals(List.of(), requests.stream().filter(url -> !own.matcher(url).matches()).toList());
        assertEquals(List.of(), page.evaluate("() => performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => !name.startsWith(location.origin + '/'))"));
    }

    @Test
    void saysThatTheServerHasStoppedAndFollowsTheNextOne() throws Exception {
        selvage.close();
        awaitText(page.locator("#live"), "Not connected");
        awaitText(page.locator("#lost"), "The server has stopped, or cannot be reached");
        selvage = SelvageProcess.start(folder, site());
        visit();
        awaitText(page.locator("#live"), "Live");
        assertThat(page.locator("#lost")).isHidden();
    }

    @Test
    void theSlowPeerOfTheDemoIsNamed(@TempDir Path demoFolder) throws Exception {
        try (var demo = SelvageProcess.run(demoFolder, List.of(), "demo", "--slow-peer", "--port",
                Integer.toString(SelvageProcess.freePort()), "--admin", "127.0.0.1:" + SelvageProcess.freePort())) {
            page.navigate(demo.awaitLines(1, "dashboard is on (http://\\S+/)").group(1));
            awaitText(page.locator("#findings"), "of application is slow");
            awaitText(page.locator(".peers tr.slow .tags"), "slow");
        }
    }
}

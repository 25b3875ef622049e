package io.selvage.server.admin;

import io.selvage.server.proxy.Origin;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class PeerChangesTest {
    private static final String DOWN = "{\"state\": \"down\"}";

    private static Origin named(String name) throws Exception {
        return Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name);
    }

    private static String app(String servers) {
        return "upstream app { " + servers + " } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }";
    }

    /// The bodies of four answers, each once.
    private static String answers(Administered server) throws Exception {
        var bodies = new TreeSet<String>();
        for (int i = 0; i < 4; i++) {
            String answer = server.server().get("/");
            bodies.add(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
        return String.join(" ", bodies);
    }

    private static String peer(Origin origin) {
        return "/api/upstreams/app/peers/" + origin.address();
    }

    @Test
    void aPeerGoesDownAndUpAgain() throws Exception {
        try (Origin a = named("a"); Origin b = named("b");
                Administered server = Administered.http(app("server " + a.address() + "; server " + b.address() + ";"))) {
            assertEquals("a b", answers(server));
            JsonObject changed = Administered.json(server.patch(peer(a), DOWN).body());
            assertEquals("down", changed.getString("state"));
            assertEquals("down", changed.getJsonObject("override").getString("state"));
            assertEquals("b", answers(server));
            server.patch(peer(a), "{\"state\": null}");
            assertEquals("a b", answers(server));
            assertFalse(server.document(peer(a)).containsKey("override"));
        }
    }

    @Test
    void aDrainingPeerKeepsItsStickyClients() throws Exception {
        try (Origin a = named("a"); Origin b = named("b"); Administered server = Administered.http(app("server " + a.address()
                + " route=a; server " + b.address() + " route=b; sticky cookie id;"))) {
            assertEquals("draining",
                    Administered.json(server.patch(peer(a), "{\"state\": \"drain\"}").body()).getString("state"));
            assertEquals("b", answers(server));
            String bound = server.server().ask("GET / HTTP/1.1\r\nHost: a\r\nCookie: id=a\r\nConnection: close\r\n\r\n");
            assertTrue(bound.endsWith("\r\n\r\na"), bound);
        }
    }

    @Test
    void aWeightChangesTheShares() throws Exception {
        try (Origin a = named("a"); Origin b = named("b");
                Administered server = Administered.http(app("server " + a.address() + "; server " + b.address() + ";"))) {
            assertEquals(3, Administered.json(server.patch(peer(a), "{\"weight\": 3}").body()).getInt("weight"));
            for (int i = 0; i < 8; i++) {
                server.server().get("/");
            }
            assertEquals(6, server.document(peer(a)).getInt("requests"));
        }
    }

    @Test
    void peersAreAddedAndRemoved() throws Exception {
        try (Origin a = named("a"); Origin b = named("b");
                Administered server = Administered.http(app("server " + a.address() + ";"))) {
            HttpResponse<String> added =
                    server.send("POST", "/api/upstreams/app/peers", "{\"address\": \"" + b.address() + "\"}");
            assertEquals(201, added.statusCode());
            assertEquals("/api/upstreams/app/peers/" + b.address().replace(":", "%3A"),
                    added.headers().firstValue("location").orElseThrow());
            assertEquals("a b", answers(server));
            assertEquals(204, server.send("DELETE", peer(a), null).statusCode());
            assertEquals("b", answers(server));
            assertEquals(404, server.get(peer(a)).statusCode());
            HttpResponse<String> last = server.send("DELETE", peer(b), null);
            assertEquals(409, last.statusCode());
            assertTrue(last.body().contains("the only peer"), last.body());
        }
    }

    @Test
    void changesSurviveAReloadAndAreListed() throws Exception {
        try (Origin a = named("a"); Origin b = named("b"); Origin c = named("c");
                Administered server = Administered.http(app("server " + a.address() + "; server " + b.address() + ";"))) {
            server.patch(peer(a), DOWN);
            server.send("DELETE", peer(b), null);
            server.send("POST", "/api/upstreams/app/peers", "{\"address\": \"" + c.address() + "\"}");
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());

            assertEquals("c", answers(server));
            JsonObject overrides = server.document("/api/overrides").getJsonArray("overrides").getJsonObject(0);
            assertEquals("app", overrides.getString("upstream"));
            assertEquals(b.address(), overrides.getJsonArray("removed").getString(0));
            assertEquals(List.of(a.address() + " false", c.address() + " true"), overrides.getJsonArray("peers")
                    .getValuesAs(JsonObject.class).stream()
                    .map(each -> each.getString("address") + " " + each.getBoolean("added")).sorted(
                            (one, other) -> Boolean.compare(one.endsWith("true"), other.endsWith("true"))).toList());

            assertEquals(204, server.send("DELETE", "/api/upstreams/app/overrides", null).statusCode());
            assertEquals("a b", answers(server));
            assertTrue(server.document("/api/overrides").getJsonArray("overrides").isEmpty());
        }
    }

    @Test
    void aStaleChangeIsAConflict() throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1; server 127.0.0.1:2;"))) {
            String peer = "/api/upstreams/app/peers/127.0.0.1:1";
            String revision = server.document(peer).getString("revision");
            String fresh = "{\"state\": \"down\", \"revision\": \"" + revision + "\"}";
            assertEquals(200, server.patch(peer, fresh).statusCode());
            HttpResponse<String> stale = server.patch(peer, fresh.replace("down", "up"));
            assertEquals(409, stale.statusCode());
            assertEquals("upstream \"app\" has changed: its revision is 1.1, not 1.0",
                    Administered.json(stale.body()).getString("detail"));
            assertEquals("down", server.document(peer).getString("state"));

            assertEquals(409, server.send("DELETE", peer + "?revision=1.0", null).statusCode());
            server.send("POST", "/api/reload", "{}");
            assertEquals(409, server.send("DELETE", peer + "?revision=1.1", null).statusCode());
            assertEquals(204, server.send("DELETE", peer + "?revision=2.1", null).statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"state": "left"}        | 422 | state must be one of up, down, drain
            {"state": 1}             | 422 | state must be a string
            {"weight": 0}            | 422 | weight must be an integer from 1 to 65535
            {"weight": 1.5}          | 422 | weight must be an integer from 1 to 65535
            {"weight": "3"}          | 422 | weight must be an integer from 1 to 65535
            {"weight": 1e3}          | 422 | weight must be an integer from 1 to 65535
            {"weight": 99999999999}  | 422 | weight must be an integer from 1 to 65535
            {"wieght": 3}            | 422 | wieght is not known; there are state, weight, revision
            {"weight": 3, "weight": 4} | 400 | the body is no valid JSON
            {"weight": 3             | 400 | the body is no valid JSON
            {"weight": 3} {}         | 400 | the body is no valid JSON
            []                       | 400 | the body must be a JSON object
            3                        | 400 | the body must be a JSON object
            ~~                       | 400 | the body is no valid JSON
            """)
    void anInvalidChangeIsRefusedWithItsReason(String body, int status, String reason) throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            HttpResponse<String> refused = server.patch("/api/upstreams/app/peers/127.0.0.1:1", body);
            assertEquals(status, refused.statusCode(), refused.body());
            String detail = Administered.json(refused.body()).getString("detail");
            assertTrue(detail.startsWith(reason), detail);
            assertEquals("up", server.document("/api/upstreams/app/peers/127.0.0.1:1").getString("state"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                              | 422
            {"address": "app.example:80"}                   | 422
            {"address": "127.0.0.1"}                        | 422
            {"address": "127.0.0.1:0"}                      | 422
            {"address": "unix:relative"}                    | 422
            {"address": "127.0.0.1:2", "weight": 70000}     | 422
            {"address": "127.0.0.1:2", "max_conns": -1}     | 422
            {"address": "127.0.0.1:2", "backup": "yes"}     | 422
            {"address": "127.0.0.1:2", "state": "gone"}     | 422
            {"address": "127.0.0.1:1"}                      | 409
            {"address": "127.0.0.1:2", "revision": "0.0"}   | 409
            {"address": "[::1]:80", "weight": 2, "max_conns": 3, "max_fails": 0, "fail_timeout_seconds": 5} | 201
            {"address": "unix:/run/app.sock", "backup": true, "state": "drain"}  | 201
            """)
    void aNewPeerIsChecked(String body, int status) throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            HttpResponse<String> answer = server.send("POST", "/api/upstreams/app/peers", body);
            assertEquals(status, answer.statusCode(), answer.body());
            assertEquals(status == 201 ? 2 : 1, server.document("/api/upstreams/app").getJsonArray("peers").size());
        }
    }

    @Test
    void whatIsNotThereCannotBeChanged() throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            assertEquals(404, server.patch("/api/upstreams/app/peers/127.0.0.1:2", DOWN).statusCode());
            assertEquals(404, server.patch("/api/upstreams/none/peers/127.0.0.1:1", DOWN).statusCode());
            assertEquals(404, server.send("DELETE", "/api/upstreams/none/overrides", null).statusCode());
        }
    }

    @Test
    void aChangeNeedsJson() throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            HttpRequest.Builder change = HttpRequest.newBuilder(server.uri("/api/upstreams/app/peers/127.0.0.1:1"))
                    .method("PATCH", BodyPublishers.ofString(DOWN));
            assertEquals(415, server.send(change).statusCode());
            assertEquals(415, server.send(change.header("Content-Type", "text/plain")).statusCode());
        }
    }

    @Test
    void aLongBodyIsRefused() throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            String body = "{\"state\": \"" + "a".repeat(70_000) + "\"}";
            assertEquals(413, server.patch("/api/upstreams/app/peers/127.0.0.1:1", body).statusCode());
        }
    }

    @Test
    void changesAreLogged() throws Exception {
        try (Administered server = Administered.http(app("server 127.0.0.1:1;"))) {
            server.patch("/api/upstreams/app/peers/127.0.0.1:1", DOWN);
            assertEquals("notice: the admin API changed peer \"127.0.0.1:1\" of upstream \"app\": {\"state\":\"down\"}",
                    server.log().take());
        }
    }
}

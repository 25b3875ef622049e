package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A FastCGI application as a peer.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class FastCgiTest {
    private static final CgiVariables VARIABLES = new CgiVariables(List.of(
            new CgiParam("REQUEST_METHOD", exchange -> exchange.routing().method().name(), false),
            new CgiParam("CONTENT_LENGTH", exchange -> exchange.headers().first("Content-Length").orElse(""), false),
            new CgiParam("HTTPS", Text.literal(""), true)), true, LoopDetection.NONE, UpgradeProtocols.NONE);
    private static final FastCgiProtocol CLOSING = new FastCgiProtocol(VARIABLES, false, List.of());
    private static final FastCgiProtocol KEEPING = new FastCgiProtocol(VARIABLES, true, List.of());

    @Parameter
    private Io io;

    /// Answers any number of requests with these bytes, and keeps the connection open.
    private static Origin.Script answers(String bytes) {
        return wire -> {
            FastCgiWire records = new FastCgiWire(wire);
            while (true) {
                wire.record(records.readParams() + " " + records.readBody());
                wire.send(bytes);
            }
        };
    }

    private static String ok(String body) {
        return FastCgiWire.output("Content-Type: text/plain\r\n\r\n" + body) + FastCgiWire.end();
    }

    private ProxyFixture proxy(Origin origin, FastCgiProtocol protocol) throws Exception {
        return ProxyFixture.to(io, origin).protocol(protocol);
    }

    @Test
    void requestIsBeginVariablesAndBody() throws Exception {
        try (Origin origin = Origin.scripted(answers(ok("ok"))); ProxyFixture proxy = proxy(origin, CLOSING)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("body"), "POST", "/x", "Host", "example.org",
                    "Content-Length", "4", "Proxy", "http://evil/", "X-Name", "a", "x-name", "b");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of("{=close, REQUEST_METHOD=POST, CONTENT_LENGTH=4, HTTP_HOST=example.org, HTTP_X_NAME=a, b} body",
                    "{=close, REQUEST_METHOD=GET, CONTENT_LENGTH=} "), origin.requests());
            assertEquals(2, origin.connections());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void bodyLongerThanARecordIsSentInSeveral() throws Exception {
        String body = "x".repeat(200_001);
        try (Origin origin = Origin.scripted(answers(ok("ok"))); ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("200 ok", proxy.post(FakeBody.withLength(body)));
            assertEquals("{=close, REQUEST_METHOD=POST, CONTENT_LENGTH=200001} " + body, origin.requests().getFirst());
        }
    }

    @Test
    void streamedBodyNeedsNoLength() throws Exception {
        try (Origin origin = Origin.scripted(answers(ok("ok")));
             ProxyFixture proxy = proxy(origin, CLOSING).options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("200 ok", proxy.post(FakeBody.chunked("bo", "dy")));
            assertEquals(List.of("{=close, REQUEST_METHOD=POST, CONTENT_LENGTH=} body"), origin.requests());
        }
    }

    @Test
    void longVariablesHaveLengthsOfFourBytesAndMayTakeSeveralRecords() throws Exception {
        String cookie = "c".repeat(70_000);
        try (Origin origin = Origin.scripted(answers(ok("ok"))); ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("200 ok", proxy.get("/", "Cookie", cookie));
            assertEquals("{=close, REQUEST_METHOD=GET, CONTENT_LENGTH=, HTTP_COOKIE=" + cookie + "} ",
                    origin.requests().getFirst());
        }
    }

    @Test
    void statusIsInAFieldAndALocationAloneIsARedirect() throws Exception {
        try (Origin origin = Origin.scripted(answers(FastCgiWire.output("Status: 404 Not Found\r\n\r\nnone") + FastCgiWire.end()),
                answers(FastCgiWire.output("Location: /x\r\n\r\n") + FastCgiWire.end()));
             ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("404 none", proxy.get("/"));
            assertEquals("302 ", proxy.get("/"));
        }
    }

    @Test
    void responseMayBeInManyRecordsWithPadding() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            new FastCgiWire(wire).readParams();
            for (char piece : "Status: 201\r\n\r\nmade".toCharArray()) {
                wire.send(FastCgiWire.record(6, String.valueOf(piece), piece % 5));
            }
            wire.send(FastCgiWire.record(6, "") + FastCgiWire.end());
        }); ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("201 made", proxy.get("/"));
        }
    }

    @Test
    void connectionIsKeptAfterTheEndOfTheRequest() throws Exception {
        try (Origin origin = Origin.scripted(answers(ok("ok"))); ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.post(FakeBody.withLength("body")));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(1, origin.connections());
            assertEquals("{=keep, REQUEST_METHOD=POST, CONTENT_LENGTH=4} body", origin.requests().get(1));
        }
    }

    @Test
    void connectionIsNotKeptWithoutTheEndOfTheRequest() throws Exception {
        String noEnd = FastCgiWire.output("Content-Length: 2\r\n\r\nok");
        try (Origin origin = Origin.scripted(answers(noEnd)); ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void connectionWithBytesBehindTheEndIsNotKept() throws Exception {
        try (Origin origin = Origin.scripted(answers(ok("ok") + ok("foreign"))); ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void requestIsRepeatedWhenAKeptConnectionWasClosed() throws Exception {
        Signal closed = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            FastCgiWire records = new FastCgiWire(wire);
            records.readParams();
            records.readBody();
            wire.send(ok("first"));
            records.readParams();
            closed.give();
        }, answers(ok("second"))); ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("200 first", proxy.get("/"));
            assertEquals("200 second", proxy.get("/"));
            closed.await();
            assertEquals(2, origin.connections());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void connectionThatEndsBeforeTheRequestCutsTheResponse() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            new FastCgiWire(wire).readParams();
            wire.send(FastCgiWire.output("\r\nhalf"));
        }); ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("200 half [cut: UPSTREAM CLOSED]", proxy.get("/"));
            assertEquals(List.of("a: upstream prematurely closed connection while reading upstream"), proxy.log());
        }
    }

    @Test
    void responseShorterThanItsLengthIsCut() throws Exception {
        try (Origin origin = Origin.scripted(answers(FastCgiWire.output("Content-Length: 9\r\n\r\nshort") + FastCgiWire.end()));
             ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("200 short [cut: UPSTREAM CLOSED]", proxy.get("/"));
        }
    }

    @Test
    void errorStreamIsLogged() throws Exception {
        try (Origin origin = Origin.scripted(answers(FastCgiWire.error("early one.\n") + FastCgiWire.output("\r\nok")
                + FastCgiWire.error("late") + FastCgiWire.end()));
             ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("200 ok", proxy.get("/"));
            List<String> log = proxy.log().stream()
                    .map(line -> line.replaceFirst("^.*: \\*1 ", "").replaceFirst(", client.*", "")).toList();
            assertEquals("FastCGI sent in stderr: \"early one\" while reading response header from upstream", log.getFirst());
            assertEquals(2, log.size());
        }
    }

    @Test
    void emptyResponseIs502() throws Exception {
        try (Origin origin = Origin.scripted(answers(FastCgiWire.end())); ProxyFixture proxy = proxy(origin, CLOSING)) {
            assertEquals("502 failed", proxy.get("/"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0206000100000000                 | unsupported FastCGI protocol version 2",
        "0106000200010000 41              | a FastCGI record of request 2",
        "0106010100010000 41              | a FastCGI record of request 257",
        "0109000100010000 41              | FastCGI record of type 9",
        "0103000100040000 00000000        | the end of a FastCGI request in 4 bytes",
        "0103000100080000 0000000002000000 | the end of a request that it did not process, with protocol status 2"
    })
    void malformedRecordsAre502(String hex, String reason) throws Exception {
        StringBuilder bytes = new StringBuilder();
        String digits = hex.replace(" ", "");
        for (int i = 0; i < digits.length(); i += 2) {
            bytes.append((char) Integer.parseInt(digits.substring(i, i + 2), 16));
        }
        try (Origin origin = Origin.scripted(answers(bytes.toString())); ProxyFixture proxy = proxy(origin, KEEPING)) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of("upstream sent invalid header or body (" + origin.address() + " sent " + reason
                    + ") while reading response header from upstream"), proxy.log());
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void endlessErrorsAre502() throws Exception {
        try (Origin origin = Origin.scripted(answers(FastCgiWire.error("x").repeat(1001))); ProxyFixture proxy =
                proxy(origin, CLOSING)) {
            assertEquals("502 failed", proxy.get("/"));
        }
    }
}

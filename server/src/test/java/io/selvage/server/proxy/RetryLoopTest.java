package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.net.Io;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.proxy.ScriptedProtocol.Call;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The attempts that a request makes, and how each ends, without a network.
class RetryLoopTest {
    private final PeerGroup group = new PeerGroup(new UpstreamSpec("app",
            List.of(PeerSpec.of("127.0.0.1:1").withMaxFails(0), PeerSpec.of("127.0.0.1:2").withMaxFails(0)),
            new Policy.RoundRobin()), _ -> new byte[0], KeepAlive.of(0), new PeerStates(), Io.jdk());
    private final ScriptedProtocol protocol = new ScriptedProtocol();
    private final Exchange exchange = new FakeClient().asks("GET", "/");

    @Test
    void responseThatWasReadToItsEndCountsForPeer() throws Failure {
        Call call = Call.answering(200);
        UpstreamAttempt attempt = run(protocol.connected(call));
        assertEquals(1, peer(0).inFlight());
        attempt.end(UpstreamAttempt.FINISHED);
        assertEquals("released ", call.ends());
        assertEquals(0, peer(0).inFlight());
        assertEquals(1, peer(0).totals().succeeded());
    }

    @Test
    void attemptEndsOnce() throws Failure {
        Call call = Call.answering(200);
        UpstreamAttempt attempt = run(protocol.connected(call));
        attempt.end(UpstreamAttempt.FINISHED);
        attempt.end(UpstreamAttempt.FINISHED);
        attempt.end(new UpstreamAttempt.Failed(Failure.upstream(Failure.What.CLOSED, false, "")));
        assertEquals("released ", call.ends());
        assertEquals(0, peer(0).totals().failed());
    }

    @Test
    void responseThatWasReadInPartSaysNothingAboutPeer() throws Failure {
        Call call = Call.answeringInPart(200);
        run(protocol.connected(call)).end(UpstreamAttempt.FINISHED);
        assertEquals("released ", call.ends());
        assertEquals(0, peer(0).totals().succeeded() + peer(0).totals().failed());
    }

    @Test
    void failureOfPeerCountsAgainstIt() throws Failure {
        Call call = Call.answering(200);
        run(protocol.connected(call)).endBroken(Failure.upstream(Failure.What.TIMED_OUT, false, ""));
        assertEquals("discarded ", call.ends());
        assertEquals(1, peer(0).totals().failed());
    }

    @Test
    void failureOfClientSaysNothingAboutPeer() throws Failure {
        Call call = Call.answering(200);
        run(protocol.connected(call)).endBroken(Failure.downstream(Failure.What.CLOSED, ""));
        assertEquals("discarded ", call.ends());
        assertEquals(0, peer(0).totals().succeeded() + peer(0).totals().failed());
    }

    @Test
    void requestWithoutResponseIsDiscardedAndNextPeerIsTried() throws Failure {
        Call closed = Call.closed();
        run(protocol.connected(closed, Call.answering(200))).end(UpstreamAttempt.FINISHED);
        assertEquals("discarded ", closed.ends());
        assertEquals(List.of(502, 200), statuses());
    }

    @Test
    void staleConnectionIsReplacedWithinTheAttempt() throws Failure {
        Call stale = Call.closed();
        run(protocol.reused(stale).connected(Call.answering(200))).end(UpstreamAttempt.FINISHED);
        assertEquals("discarded ", stale.ends());
        assertEquals(List.of(200), statuses());
        assertEquals(0, peer(0).totals().failed());
    }

    @Test
    void rejectedStatusCountsAgainstPeerAndNextPeerIsTried() throws Failure {
        Call busy = Call.answering(503);
        run(protocol.connected(busy, Call.answering(200))).end(UpstreamAttempt.FINISHED);
        assertEquals("released ", busy.ends());
        assertEquals(List.of(503, 200), statuses());
        assertEquals(1, peer(0).totals().failed());
    }

    @Test
    void refusedConnectionsHaveNoTimesAndNoBytes() {
        Failure failure = assertThrows(Failure.class, () -> run(protocol));
        assertEquals("refused while connecting to upstream", failure.detail());
        assertEquals(List.of(502, 502), statuses());
        Attempt attempt = exchange.upstream().attempts().getFirst();
        assertEquals(-1, attempt.connectNanos());
        assertEquals(-1, attempt.headerNanos());
        assertEquals(Attempt.Traffic.NONE, attempt.traffic());
    }

    @Test
    void earlyResponseCountsAlthoughPeerClosed() throws Failure {
        Call early = Call.answeringEarly(413);
        run(protocol.connected(early)).end(UpstreamAttempt.FINISHED);
        assertEquals(List.of(413), statuses());
    }

    @Test
    void bytesOfTunnelAreAddedToTheRecord() throws Failure {
        run(protocol.connected(Call.answering(101))).end(new UpstreamAttempt.Tunnelled(1000));
        assertEquals(new Attempt.Traffic(10, 1020, 1005), exchange.upstream().attempts().getFirst().traffic());
    }

    private UpstreamAttempt run(UpstreamProtocol spoken) throws Failure {
        ProxyOptions options = new ProxyOptionsBuilder().nextUpstream(new NextUpstream(
                Set.of(NextUpstream.Condition.ERROR, NextUpstream.Condition.HTTP_503), 0, Duration.ZERO)).build();
        ProxyTarget target = new ProxyTarget(group, ProxyUrl.parse("http://app"), new UriRewrite.AsItCame());
        exchange.beginUpstream();
        return new RetryLoop(new UpstreamRequest(exchange, target, spoken, options, BufferedRequestBody.NONE,
                spoken.encode(exchange, target, BufferedRequestBody.NONE.framing()), ErrorLog.SILENT)).run();
    }

    private List<Integer> statuses() {
        return exchange.upstream().attempts().stream().map(attempt -> attempt.status().code()).toList();
    }

    private UpstreamSnapshot peer(int index) {
        return group.upstream().snapshot().get(index);
    }
}

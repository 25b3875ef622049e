package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerForecast;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.QueueSnapshot;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Explains how a request would be passed on: which peers would be asked, in which order, and what they would get.
final class ExplainedUpstream {
    private ExplainedUpstream() {
    }

    /// @param into gets the peers and the head
    static void explain(Exchange exchange, ProxyTarget target, UpstreamProtocol protocol, ProxyOptions options,
            Explanation into) throws Failure {
        explainPeers(exchange, target.group(), into);
        Framing body = RequestBodySource.announced(exchange, options.requestBody(), protocol);
        String head = protocol.readable(exchange, target, body);
        byte[] bytes = new byte[protocol.encode(exchange, target, body).bytes().remaining()];
        protocol.encode(exchange, target, body).bytes().duplicate().get(bytes);
        into.add("head", "", "the head that a peer gets, " + bytes.length + " bytes:")
                .with("hex", HexFormat.of().formatHex(bytes)).with("head", head)
                .add("bytes", "", head);
    }

    private static String policy(UpstreamSpec spec) {
        return spec.policy().getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static void explainPeers(Exchange exchange, PeerGroup group, Explanation into) {
        UpstreamSpec spec = group.upstream().spec();
        List<PeerForecast> forecasts = group.upstream().forecast(group.key(exchange), group.sticky().peer(exchange));
        Explanation peers = into.add("peers", group.name(), forecasts.size() > 1 ? "policy " + policy(spec) : "");
        for (PeerForecast each : forecasts) {
            Explanation peer = peers.add("peer", each.state().address(), each.words());
            peer.with("order", each.order()).with("available", each.state().available())
                    .with("in_flight", each.state().inFlight()).with("fails", each.state().fails())
                    .with("weight", each.state().weight());
            if (each.order() == 1) {
                into.with("peer", each.state().address());
            }
        }
        for (PeerSpec configured : group.configured().peers()) {
            if (spec.peers().stream().noneMatch(peer -> peer.server().equals(configured.server()))) {
                peers.add("peer", configured.address(), "has no address yet: a running server looks up its name")
                        .with("available", false);
            }
        }
        if (forecasts.stream().noneMatch(each -> each.order() == 1) && !forecasts.isEmpty()) {
            peers.add("note", "", "no peer can be used now: " + withoutPeer(group.upstream()));
        }
    }

    private static String withoutPeer(Upstream upstream) {
        if (!upstream.mayWait(new Tried())) {
            return "the answer is 502";
        }
        QueueSnapshot queue = upstream.queueSnapshot();
        return queue.length() >= queue.most() ? "the queue is full, the answer is 503"
                : "the request waits in the queue, as number " + (queue.length() + 1) + " of " + queue.most();
    }
}

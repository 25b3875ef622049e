package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Http1Call;
import io.selvage.server.http1.PeerConnection;

/// A call over the uwsgi protocol: a packet, then the body as it is. The response is one of HTTP/1, or has CGI's form. The
/// connection carries this call only.
final class UwsgiCall extends Http1UpstreamCall {

    UwsgiCall(UpstreamRequest request, PeerConnection peer) {
        super(request, peer, false, newUwsgiCall(request, peer));
    }

    private static Http1Call newUwsgiCall(UpstreamRequest request, PeerConnection peer) {
        Http1Call call = newCall(request, peer);
        call.allowMissingStatusLine();
        return call;
    }

    /// Waits for the final head. CGI has no interim responses (RFC 3875 §6); should there be one, it is dropped.
    @Override
    public ResponseHead awaitHead() throws Failure {
        ResponseHead head = super.awaitHead();
        while (head.status().isInformative()) {
            head = super.awaitHead();
        }
        return CgiHead.decode(head);
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Http1Call;
import io.selvage.server.http1.PeerConnection;

/// A call whose response has CGI's form, or is one of HTTP/1 (uwsgi, SCGI): the encoded variables, then the body as it is. The
/// connection carries this call only.
class CgiCall extends Http1UpstreamCall {

    CgiCall(UpstreamRequest request, PeerConnection peer) {
        super(request, peer, false, newCgiCall(request, peer));
    }

    /// Opens a call on a new connection, which carries no other.
    static CgiCall connect(UpstreamRequest request, String address) throws Failure {
        return new CgiCall(request, request.target().group().connect(request, address));
    }

    private static Http1Call newCgiCall(UpstreamRequest request, PeerConnection peer) {
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

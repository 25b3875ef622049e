/// # Passing an exchange to a peer
///
/// HTTP/1, HTTP/2, FastCGI, SCGI and uwsgi, over TCP and unix sockets: which peer gets a request, over which connection, with
/// which fields, and what happens after a failure. Nothing here reads a configuration or chooses a location.
///
/// Read in this order:
///
/// 1. [ProxyHandler]: from an exchange to its answer, in one method.
/// 2. [UpstreamRequest] is the data of a request, [RetryLoop] decides which peers are tried, and [UpstreamAttempt] tries one:
///    connecting, sent, answered, ended. [NextUpstream] has the conditions for another attempt.
/// 3. [UpstreamProtocol] and [UpstreamCall]: the seam behind which a protocol is. [Http1Protocol] with [Http1UpstreamCall],
///    [Http2Protocol] with [Http2UpstreamCall] and [SharedSessions], [UwsgiProtocol] and [ScgiProtocol] with [CgiCall],
///    [FastCgiProtocol] with [FastCgiCall].
/// 4. [UpstreamResponse]: from a peer's head to an answer. [ResponseControls] interprets the head, [ResponsePresentation]
///    what the client gets of it.
/// 5. Bodies. Requests: [RequestBodySource], which is a [BufferedRequestBody], a [StreamingRequestBody] or, with HTTP/2 on both
///    sides, a [DuplexRequestBody]. Responses: [StreamingResponseBody], or [BufferedResponseBody] with [ResponseBuffering] and
///    [SpillBuffer] for slow clients. After a change of protocol: [Tunnel].
/// 6. [PeerGroup]: the peers and their idle connections. [UpstreamMaintenance] and [Resolver] keep addresses current, by a
///    [HostLookup]: [SystemLookup] or [DnsLookup]. [PeerTls] is what a location asks of TLS toward its peers, [PeerIdentity] what
///    a connection in TLS is made with.
///
/// [ProxyOptions] is all that a location configures.
@NullMarked
package io.selvage.server.proxy;

import org.jspecify.annotations.NullMarked;

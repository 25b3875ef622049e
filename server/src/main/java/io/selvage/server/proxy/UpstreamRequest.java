package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// A request on its way to the peers: what all attempts have in common, and the head for one of them.
///
/// @param exchange whose request it is
/// @param target the peers and the request target for them
/// @param protocol what is spoken with them
/// @param options of the location
/// @param body what is sent behind the head
/// @param head the encoded head
/// @param log gets the failures that the client's answer does not show
record UpstreamRequest(Exchange exchange, ProxyTarget target, UpstreamProtocol protocol, ProxyOptions options,
        RequestBodySource body, EncodedHead head, ErrorLog log) {

    /// The same request for another attempt.
    UpstreamRequest forNextAttempt() throws Failure {
        return protocol.encodesEachAttempt() ? new UpstreamRequest(exchange, target, protocol, options, body,
                protocol.encode(exchange, target, body.framing()), log) : this;
    }

    Method method() {
        return head.method();
    }

    /// True if sending the request again after this failure cannot make a peer do something twice that may be done only once.
    boolean mayRepeat(Failure failure) {
        return body.isRepeatable() && (failure.nothingSent() || options.nextUpstream().mayRepeat(method()));
    }

    /// Logs an error that the exchange survives.
    void log(String error) {
        log.log(Severity.ERROR, exchange, error);
    }

    /// Logs a mistake of a peer that has been made up for.
    void warn(String mistake) {
        log.log(Severity.WARN, exchange, mistake);
    }

    /// Logs a failure after which the exchange continues, or that came too late to be answered otherwise.
    void log(Failure failure) {
        log.log(failure.where() == Failure.Where.DOWNSTREAM ? Severity.INFO : Severity.ERROR, exchange, failure.detail());
    }
}

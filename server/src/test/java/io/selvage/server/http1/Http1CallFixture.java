package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import java.time.Duration;

/// An exchange with a peer on a fake connection.
abstract class Http1CallFixture {
    static final Duration SEND = Duration.ofSeconds(2);
    static final Duration READ = Duration.ofSeconds(3);
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    final FakeConnection wire = new FakeConnection();
    final PeerConnection peer = new PeerConnection(wire, "10.0.0.1:80");

    final Http1Call call() {
        return new Http1Call(peer, SEND, READ, 8192);
    }

    final Http1Call answered(Method method) throws Failure {
        return answered(peer, method);
    }

    static Http1Call answered(PeerConnection peer, Method method) throws Failure {
        Http1Call call = new Http1Call(peer, SEND, READ, 8192);
        call.endBody();
        while (call.awaitHead(method).status().isInformative()) {
            // The final head comes behind it.
        }
        return call;
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.Framing;
import io.selvage.server.net.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/// A protocol without a network: its calls do what a test says.
final class ScriptedProtocol implements UpstreamProtocol {
    private final Queue<Call> open = new ArrayDeque<>();
    private final Queue<Call> connected = new ArrayDeque<>();

    /// The calls on connections that are open already.
    ScriptedProtocol reused(Call... calls) {
        open.addAll(List.of(calls));
        return this;
    }

    /// The calls on new connections; a connection that is not listed is refused.
    ScriptedProtocol connected(Call... calls) {
        connected.addAll(List.of(calls));
        return this;
    }

    @Override
    public String name() {
        return "script";
    }

    @Override
    public String readable(Exchange exchange, ProxyTarget target, Framing body) {
        return "";
    }

    @Override
    public boolean needsLength() {
        return false;
    }

    @Override
    public EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) {
        return new EncodedHead(ByteBuffer.allocate(0), exchange.routing().method(), "");
    }

    @Override
    public Optional<UpstreamCall> reuse(UpstreamRequest request, String address) {
        return Optional.ofNullable(open.poll());
    }

    @Override
    public UpstreamCall connect(UpstreamRequest request, String address) throws Failure {
        if (connected.isEmpty()) {
            throw Failure.upstream(Failure.What.REFUSED, true, "refused");
        }
        return connected.remove();
    }

    /// A call with a response, or a failure, and a record of its end.
    static final class Call implements UpstreamCall, BodySource {
        private final Optional<Failure> sending;
        private final Optional<Failure> receiving;
        private final int status;
        private final boolean complete;
        private final StringBuilder ends = new StringBuilder();

        private Call(Optional<Failure> sending, Optional<Failure> receiving, int status, boolean complete) {
            this.sending = sending;
            this.receiving = receiving;
            this.status = status;
            this.complete = complete;
        }

        static Call answering(int status) {
            return new Call(Optional.empty(), Optional.empty(), status, true);
        }

        static Call answeringInPart(int status) {
            return new Call(Optional.empty(), Optional.empty(), status, false);
        }

        /// Closed by the peer, who took the request but did not respond.
        static Call closed() {
            return new Call(Optional.empty(), Optional.of(Failure.upstream(Failure.What.CLOSED, false, "closed")), 0, false);
        }

        /// Closed by the peer during the request, after an early response.
        static Call answeringEarly(int status) {
            return new Call(Optional.of(Failure.upstream(Failure.What.CLOSED, false, "closed")), Optional.empty(), status, true);
        }

        /// Each `released` or `discarded`, in order.
        String ends() {
            return ends.toString();
        }

        @Override
        public void sendHead(ByteBuffer body) throws Failure {
            if (sending.isPresent()) {
                throw sending.get();
            }
        }

        @Override
        public void sendBody(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void endBody() {
        }

        @Override
        public boolean hasResponseNow() {
            return false;
        }

        @Override
        public ResponseHead awaitHead() throws Failure {
            if (receiving.isPresent()) {
                throw receiving.get();
            }
            return new ResponseHead(Status.of(status), Headers.EMPTY);
        }

        @Override
        public void awaitBody() {
        }

        @Override
        public BodySource body() {
            return this;
        }

        @Override
        public int read(ByteBuffer into) {
            return -1;
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isComplete() {
            return complete;
        }

        @Override
        public Connection upgraded() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long bytesSent() {
            return 10;
        }

        @Override
        public long bytesReceived() {
            return receiving.isPresent() ? 0 : 20;
        }

        @Override
        public long bodyReceived() {
            return 5;
        }

        @Override
        public void abort() {
        }

        @Override
        public void release() {
            ends.append("released ");
        }

        @Override
        public void discard() {
            ends.append("discarded ");
        }
    }
}

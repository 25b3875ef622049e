package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.PeerConnection;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A call over FastCGI. [FastCgiConnection] takes the response out of its records; here the body of the request is put into
/// records.
final class FastCgiCall extends CgiCall {
    private final UpstreamRequest request;
    private final PeerConnection peer;
    private final FastCgiConnection connection;
    private final FastCgiProtocol protocol;
    private final long receivedBefore;
    private long left;                                     // bytes of a body of known length; of the sending thread
    private boolean ended;                                 // the end of the body was sent; of the sending thread

    FastCgiCall(UpstreamRequest request, PeerConnection peer, FastCgiConnection connection, FastCgiProtocol protocol) {
        super(request, peer);
        this.request = request;
        this.peer = peer;
        this.connection = connection;
        this.protocol = protocol;
        this.receivedBefore = connection.received();
        this.left = request.body().framing() instanceof Framing.Length(long bytes) ? bytes : -1;
        this.ended = request.body().framing() instanceof Framing.None || left == 0;
        connection.begin(this::logged);
    }

    /// Logs what the application wrote to its error stream.
    ///
    /// @return true if it makes the response a failure
    private boolean logged(String text, boolean beforeHead) {
        request.log("FastCGI sent in stderr: \"" + text + "\"" + (beforeHead
                ? " while " + UpstreamErrorMessages.AWAITING_HEAD : " while " + UpstreamErrorMessages.READING_BODY));
        return beforeHead && protocol.caught().stream().anyMatch(text::contains);
    }

    @Override
    public void sendHead(ByteBuffer body) throws Failure {
        List<ByteBuffer> buffers = new ArrayList<>();
        buffers.add(request.head().bytes().duplicate());
        addRecords(buffers, body);
        http1().sendHead(buffers.toArray(ByteBuffer[]::new));
    }

    @Override
    public void sendBody(ByteBuffer bytes) throws Failure {
        List<ByteBuffer> buffers = new ArrayList<>();
        addRecords(buffers, bytes);
        http1().sendHead(buffers.toArray(ByteBuffer[]::new));
    }

    /// Adds the records for a part of the body, with the end of the stream where this part is known to be the last.
    private void addRecords(List<ByteBuffer> buffers, ByteBuffer bytes) {
        left -= bytes.remaining();
        while (bytes.hasRemaining()) {
            int count = Math.min(FastCgiRecords.MOST, bytes.remaining());
            buffers.add(ByteBuffer.wrap(FastCgiRecords.head(FastCgiRecords.STDIN, count)));
            buffers.add(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
        if (left == 0 && !ended) {
            ended = true;
            buffers.add(ByteBuffer.wrap(FastCgiRecords.end(FastCgiRecords.STDIN)));
        }
    }

    @Override
    public void endBody() throws Failure {
        if (!ended) {
            ended = true;
            http1().sendHead(ByteBuffer.wrap(FastCgiRecords.end(FastCgiRecords.STDIN)));
        }
        http1().endBody();
    }

    /// A malformed record, or an error that is looked for, makes the head malformed.
    @Override
    public ResponseHead awaitHead() throws Failure {
        try {
            ResponseHead head = super.awaitHead();
            connection.headReceived();
            return head;
        } catch (Failure failure) {
            if (failure.getCause() instanceof FastCgiConnection.Malformed malformed) {
                throw Failure.upstream(Failure.What.MALFORMED, false, peer.address() + " sent " + malformed.getMessage());
            }
            throw failure;
        }
    }

    /// The end of the response may be here although it was not read yet.
    @Override
    public boolean isComplete() {
        return super.isComplete() || connection.isAtEnd() && http1().readEnd();
    }

    @Override
    public long bytesReceived() {
        return connection.received() - receivedBefore;
    }

    /// Keeps the connection if the application has ended the request, so that nothing of it can follow.
    @Override
    public void release() {
        if (protocol.keepsConnection() && connection.isBetweenRequests() && http1().endsClean()) {
            connection.rest();
            request.target().group().giveBack(peer);
        } else {
            super.release();
        }
    }
}

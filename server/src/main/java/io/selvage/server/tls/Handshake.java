package io.selvage.server.tls;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.net.Connection;
import io.selvage.server.tls.TlsException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Drives an engine through its handshake. Belongs to the connection's thread; where an engine computes for long, its steps run
/// on another one while that parks.
final class Handshake {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
    private static final Duration FOR_AN_ALERT = Duration.ofSeconds(1);
    private static final int MOST_ALERTS = 4;

    private final Connection plain;
    private final SSLEngine engine;
    private final RecordInput input;
    private final boolean computesLong;
    private final ByteBuffer out;
    private final ByteBuffer noData;                       // where engines want room for data that never comes
    private @Nullable SentGroup watch;                     // sees what is sent

    /// What the engine waits for.
    private enum Needs { INPUT, ROOM, NOTHING }

    /// @param out for records; empty afterwards
    /// @param noData room for the data of a record; nothing is written to it
    Handshake(Connection plain, SSLEngine engine, RecordInput input, boolean computesLong, ByteBuffer out, ByteBuffer noData) {
        this.plain = plain;
        this.engine = engine;
        this.input = input;
        this.computesLong = computesLong;
        this.out = out;
        this.noData = noData;
    }

    /// Shows what is sent.
    Handshake watchedBy(SentGroup observer) {
        watch = observer;
        return this;
    }

    /// @throws TlsException if it fails; an alert was sent
    /// @throws io.selvage.server.net.TimedOut if it takes too long
    void run(Deadline until) throws IOException {
        try {
            engine.beginHandshake();
            Needs needs = step();
            while (needs != Needs.NOTHING) {
                send(until.left());
                if (needs == Needs.INPUT && input.await(until.left()) < 0) {
                    throw new TlsException(Kind.CLOSED, "the other side closed the connection during the handshake");
                }
                needs = step();
            }
            send(until.left());
        } catch (SSLException e) {
            sendAlert();
            throw new TlsException(Kind.FAILED, FailureText.of(e));
        }
    }

    private Needs step() throws SSLException {
        return computesLong ? BlockingExecutor.compute(this::advance) : advance();
    }

    /// Goes on as far as possible without the network.
    private Needs advance() throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    SSLEngineResult result = wrap();
                    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                        return Needs.ROOM;
                    }
                    if (result.getStatus() == Status.CLOSED) {
                        throw new SSLException("the engine has closed the connection");
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    // An engine may notice the end of the handshake only here. The next record is no part of it then.
                    if (isUnfinished(engine.unwrap(NOTHING, noData))) {
                        if (input.isForeign()) {
                            throw new SSLException("wrong version number: the other side does not speak TLS");
                        }
                        if (!input.hasRecord()) {
                            return Needs.INPUT;
                        }
                        readRecord();
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return Needs.NOTHING;
                }
            }
        }
    }

    private SSLEngineResult wrap() throws SSLException {
        int from = out.position();
        SSLEngineResult result = engine.wrap(NOTHING, out);
        if (watch != null) {
            watch.sent(out.slice(from, out.position() - from));
        }
        return result;
    }

    private void readRecord() throws SSLException {
        switch (engine.unwrap(input.bytes(), noData).getStatus()) {
            case OK -> {
                // On to the next step.
            }
            case CLOSED -> throw new SSLException("closed by the other side during the handshake");
            case BUFFER_OVERFLOW, BUFFER_UNDERFLOW -> throw new SSLException("a record that cannot be read");
        }
    }

    private static boolean isUnfinished(SSLEngineResult result) {
        return switch (result.getHandshakeStatus()) {
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> true;
            case NEED_TASK, NEED_WRAP, FINISHED, NOT_HANDSHAKING -> false;
        };
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void send(Duration patience) throws IOException {
        if (out.position() > 0) {
            plain.write(out.flip(), patience);
            out.clear();
        }
    }

    /// Sends what the engine has to say about its failure, if it is quickly done.
    private void sendAlert() {
        try {
            for (int i = 0; i < MOST_ALERTS; i++) {
                if (engine.wrap(NOTHING, out).bytesProduced() == 0) {
                    break;
                }
            }
        } catch (SSLException e) {
            // It has said everything.
        }
        try {
            send(FOR_AN_ALERT);
        } catch (IOException e) {
            // The other side does not want to know.
        }
    }
}

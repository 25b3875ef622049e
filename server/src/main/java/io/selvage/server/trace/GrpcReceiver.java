package io.selvage.server.trace;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http2.HpackEncoder;
import io.selvage.server.http2.PeerResponse;
import io.selvage.server.http2.PeerSession;
import io.selvage.server.http2.PeerStream;
import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.PeerTrust;
import io.selvage.server.tls.TlsClientPolicy;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import io.selvage.server.tls.TlsTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Exports over gRPC: a unary call for each batch (OTLP/gRPC), on one HTTP/2 connection. The connection is one of the JDK's
/// scheduler, whatever `io` says, so that no event loop has work with it.
final class GrpcReceiver implements SpanReceiver {
    private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_HEAD = 16 * 1024;
    private static final PeerStream.Limits LIMITS = new PeerStream.Limits(Method.POST, TIMEOUT, TIMEOUT, MAX_HEAD);
    private static final int MAX_RESPONSE = 64 * 1024;
    private static final int PREFIX = 5;                   // a flag and the length of the message
    private static final int MOST_CERTIFICATES = 10;
    /// Codes of gRPC after which the same call may be made again (OTLP, "Failures"); `RESOURCE_EXHAUSTED` is one of them.
    private static final Set<String> TEMPORARY = Set.of("1", "4", "8", "10", "11", "14", "15");

    private final ReceiverAddress.Grpc address;
    private final ExportOptions options;
    private final SpanEncoder encoder;
    private final ByteBuffer head;                         // encoded
    private @Nullable PeerSession session;                 // once there is a connection

    GrpcReceiver(ReceiverAddress.Grpc address, ExportOptions options) {
        this.address = address;
        this.options = options;
        this.encoder = new SpanEncoder(options.resource(), options.version());
        this.head = encoded(fields());
    }

    private Headers fields() {
        Headers.Builder fields = Headers.builder().add(":method", "POST").add(":scheme", address.tls() ? "https" : "http")
                .add(":path", PATH).add(":authority", address.authority()).add("te", "trailers")
                .add("content-type", "application/grpc").add("user-agent", "Selvage/" + options.version())
                .add("grpc-timeout", TIMEOUT.toSeconds() + "S");
        for (int i = 0; i < options.fields().size(); i++) {
            fields.set(options.fields().name(i).toLowerCase(Locale.ROOT), options.fields().value(i));
        }
        return fields.build();
    }

    private static ByteBuffer encoded(Headers fields) {
        ByteBuffer out = ByteBuffer.allocate(HpackEncoder.bound(fields));
        HpackEncoder hpack = new HpackEncoder(0);
        for (int i = 0; i < fields.size(); i++) {
            hpack.field(fields.name(i), fields.value(i), out);
        }
        return out.flip();
    }

    @Override
    public SendResult send(List<FinishedSpan> spans) {
        byte[] message = encoder.encode(spans, PREFIX);
        ByteBuffer body = ByteBuffer.wrap(message).putInt(1, message.length - PREFIX).clear();
        try {
            Optional<PeerStream> known = session == null ? Optional.empty() : session.open(LIMITS);
            if (known.isPresent()) {
                try {
                    return call(known.get(), body.duplicate());
                } catch (Failure failure) {
                    if (failure.what() != Failure.What.CLOSED) {
                        throw failure;
                    }
                }
            }
            return call(connected(), body);                // the first one, or the receiver has closed the connection
        } catch (Failure failure) {
            close();
            return new SendResult.Later(reason(failure));
        } catch (IOException | GeneralSecurityException e) {
            return new SendResult.Later(HttpReceiver.reason(e));
        }
    }

    private SendResult call(PeerStream call, ByteBuffer body) throws Failure {
        try {
            call.request().sendHead(head.duplicate(), body, true);
            return result(call.response());
        } finally {
            call.end();
        }
    }

    private static String reason(Failure failure) {
        return failure.what() == Failure.What.MALFORMED
                ? failure.detail() + ". A receiver of OTLP over HTTP needs a URL with a path, such as http://host:4318/v1/traces"
                : failure.detail();
    }

    /// The status of a call is in its trailers, or in the head of a response that has no body.
    private static SendResult result(PeerResponse response) throws Failure {
        ResponseHead head = response.awaitHead();
        while (head.status().isInformative()) {
            head = response.awaitHead();
        }
        if (!head.status().equals(Status.OK)) {
            return HttpReceiver.result(head.status().code());
        }
        ByteBuffer message = readToEnd(response);
        Headers last = head.headers().contains("grpc-status") ? head.headers() : response.trailers();
        String code = last.first("grpc-status").orElse("missing");
        String reason = "gRPC status " + code + last.first("grpc-message").map(text -> ": " + text).orElse("");
        return code.equals("0") ? new SendResult.Taken(partial(message))
                : TEMPORARY.contains(code) ? new SendResult.Later(reason) : new SendResult.Refused(reason);
    }

    /// What the only message of a response objects to; none in a compressed one, which was not asked for.
    private static Optional<PartialSuccess> partial(ByteBuffer message) {
        if (message.remaining() < PREFIX || message.get() != 0 || message.getInt() != message.remaining()) {
            return Optional.empty();
        }
        return PartialSuccess.read(message);
    }

    private static ByteBuffer readToEnd(BodySource body) throws Failure {
        ByteBuffer in = ByteBuffer.allocate(MAX_RESPONSE);
        while (body.read(in) >= 0) {
            if (!in.hasRemaining()) {
                throw Failure.upstream(Failure.What.TOO_LARGE, false, "a response of more than " + MAX_RESPONSE + " bytes");
            }
        }
        return in.flip();
    }

    private PeerStream connected() throws Failure, IOException, GeneralSecurityException {
        close();
        PeerSession opened = PeerSession.start(connect(), address.authority(), Long.MAX_VALUE, TIMEOUT);
        session = opened;
        return opened.open(LIMITS).orElseThrow(() -> new IOException("the connection was closed as soon as it was made"));
    }

    private Connection connect() throws IOException, GeneralSecurityException {
        IOException failed = new IOException("no address of \"" + address.host() + "\"");
        for (InetAddress each : InetAddress.getAllByName(address.host())) {
            try {
                Connection plain = Io.jdk().connector().connect(new InetSocketAddress(each, address.port()), CONNECT_TIMEOUT);
                return address.tls() ? secured(plain) : plain;
            } catch (IOException e) {
                failed = e;
            }
        }
        throw failed;
    }

    private Connection secured(Connection plain) throws IOException, GeneralSecurityException {
        try {
            Optional<String> name = Optional.of(address.host());
            TlsTarget target = new TlsTarget(isLiteral(address.host()) ? Optional.empty() : name, name, Optional.empty());
            TlsClientPolicy policy = TlsClientPolicy.DEFAULT.withAlpn("h2")
                    .with(new PeerTrust(authorities(), MOST_CERTIFICATES, List.of()));
            return TlsEngines.select(TlsEngineChoice.JDK).connect(plain, policy, target, CONNECT_TIMEOUT);
        } catch (IOException | GeneralSecurityException e) {
            plain.close();
            throw e;
        }
    }

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private List<X509Certificate> authorities() throws IOException, GeneralSecurityException {
        if (options.trusted().isPresent()) {
            return KeyPairFiles.authorities(options.trusted().get());
        }
        TrustManagerFactory usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        usual.init((KeyStore) null);
        for (TrustManager each : usual.getTrustManagers()) {
            if (each instanceof X509TrustManager manager) {
                return Arrays.asList(manager.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    @Override
    public void close() {
        if (session != null) {
            session.retireWhenIdle();
            session = null;
        }
    }
}

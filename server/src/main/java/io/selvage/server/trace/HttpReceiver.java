package io.selvage.server.trace;

import io.selvage.server.tls.KeyPairFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Exports over HTTP: a POST with protobuf for each batch (OTLP/HTTP), by the client of the JDK.
final class HttpReceiver implements SpanReceiver {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String PROTOBUF = "application/x-protobuf";
    private static final int MAX_RESPONSE = 64 * 1024;
    /// After these statuses the same request may be sent again.
    private static final Set<Integer> TEMPORARY = Set.of(429, 502, 503, 504);

    private final ReceiverAddress.Http address;
    private final ExportOptions options;
    private final SpanEncoder encoder;
    private @Nullable HttpClient client;                   // once it is needed

    HttpReceiver(ReceiverAddress.Http address, ExportOptions options) {
        this.address = address;
        this.options = options;
        this.encoder = new SpanEncoder(options.resource(), options.version());
    }

    @Override
    public SendResult send(List<FinishedSpan> spans) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.uri()).timeout(TIMEOUT)
                .header("Content-Type", PROTOBUF).header("User-Agent", "Selvage/" + options.version())
                .POST(HttpRequest.BodyPublishers.ofByteArray(encoder.encode(spans, 0)));
        for (int i = 0; i < options.fields().size(); i++) {
            request.setHeader(options.fields().name(i), options.fields().value(i));
        }
        try {
            return result(exchange(request.build()));
        } catch (IOException | GeneralSecurityException e) {
            return new SendResult.Later(reason(e));
        } catch (TimeoutException _) {
            return new SendResult.Later("no answer within " + TIMEOUT.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new SendResult.Later("interrupted");
        }
    }

    /// Waits for the whole answer, for [#TIMEOUT] at most: the client of the JDK bounds the wait for its head alone.
    private HttpResponse<byte[]> exchange(HttpRequest request)
            throws IOException, GeneralSecurityException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> answer = client().sendAsync(request, HttpReceiver::body);
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            answer.cancel(true);                           // has no effect on one that is complete
        }
    }

    /// The body is of use only where it says what became of the spans.
    private static HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo head) {
        boolean isMessage = head.headers().firstValue("Content-Type").filter(PROTOBUF::equalsIgnoreCase).isPresent();
        return head.statusCode() / 100 == 2 && isMessage
                ? HttpResponse.BodySubscribers.limiting(HttpResponse.BodySubscribers.ofByteArray(), MAX_RESPONSE)
                : HttpResponse.BodySubscribers.replacing(new byte[0]);
    }

    private static SendResult result(HttpResponse<byte[]> answer) {
        return answer.statusCode() / 100 == 2 ? new SendResult.Taken(PartialSuccess.read(ByteBuffer.wrap(answer.body())))
                : result(answer.statusCode());
    }

    static SendResult result(int status) {
        String reason = "status " + status;
        return status / 100 == 2 ? SendResult.TAKEN
                : TEMPORARY.contains(status) ? new SendResult.Later(reason) : new SendResult.Refused(reason);
    }

    /// What an exception says, or else its name.
    static String reason(Exception e) {
        return Optional.ofNullable(e.getMessage()).filter(text -> !text.isEmpty()).orElse(e.getClass().getSimpleName());
    }

    private HttpClient client() throws IOException, GeneralSecurityException {
        HttpClient known = client;
        if (known == null) {
            boolean secure = "https".equals(address.uri().getScheme());
            HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT)
                    .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
            if (options.trusted().isPresent()) {
                builder.sslContext(trusting(options.trusted().get()));
            }
            known = builder.build();
            client = known;
        }
        return known;
    }

    private static SSLContext trusting(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate each : KeyPairFiles.authorities(authorities)) {
            store.setCertificateEntry(Integer.toString(number++), each);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        if (client != null) {
            client.shutdownNow();
            client = null;
        }
    }
}

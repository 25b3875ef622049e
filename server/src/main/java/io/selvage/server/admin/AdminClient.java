package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.api.HttpClientRequest;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.api.WebClientConfig;
import io.selvage.server.net.AddressText;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.SocketAddress;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// Asks the admin API of a server, for the commands of the program. For one thread at a time.
public final class AdminClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// A reload waits for host names.
    private static final Duration READ = Duration.ofSeconds(70);

    private final WebClient client;
    private final String name;
    private final Optional<String> token;

    /// @param address where the admin API listens
    /// @param token that it wants from clients of other machines
    public AdminClient(SocketAddress address, Optional<String> token) {
        this.name = AddressText.url(address);
        this.token = token;
        boolean unix = address instanceof UnixDomainSocketAddress;
        WebClientConfig.Builder settings = WebClient.builder()
                .baseUri(unix ? "http://localhost" : name.substring(0, name.length() - 1))
                .connectTimeout(CONNECT)
                .readTimeout(READ)
                .followRedirects(false)
                .sendExpectContinue(false)
                .shareConnectionCache(false)
                .servicesDiscoverServices(false)
                .protocolConfigsDiscoverServices(false)
                .proxy(Proxy.noProxy());
        this.client = (unix ? settings.baseAddress(address) : settings).build();
    }

    /// A path of the API, with encoded segments.
    public static String path(String... segments) {
        StringBuilder path = new StringBuilder("/api");
        for (String segment : segments) {
            path.append('/').append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    /// Asks for a document.
    ///
    /// @param path encoded
    /// @throws IOException if nothing answers there, or the answer is not the document; the message is one line for people
    /// @throws Refused if the server refuses
    public JsonObject get(String path) throws IOException, Refused {
        return send(Method.GET, path, Optional.empty());
    }

    /// Changes a peer.
    ///
    /// @return the peer after the change
    public JsonObject patch(String path, JsonObject change) throws IOException, Refused {
        return send(Method.PATCH, path, Optional.of(change));
    }

    /// As [#get], with a body.
    public JsonObject post(String path, JsonObject body) throws IOException, Refused {
        return send(Method.POST, path, Optional.of(body));
    }

    private JsonObject send(Method method, String path, Optional<JsonObject> body) throws IOException, Refused {
        HttpClientRequest request = client.method(method).path(path).skipUriEncoding(true);
        token.ifPresent(text -> request.header(HeaderNames.AUTHORIZATION, "Bearer " + text));
        body.ifPresent(_ -> request.header(HeaderNames.CONTENT_TYPE, "application/json"));
        try (HttpClientResponse response = body.isPresent() ? request.submit(Answers.bytes(body.get())) : request.request()) {
            int status = response.status().code();
            JsonObject document = read(new String(response.as(byte[].class), StandardCharsets.UTF_8));
            if (status >= 300) {
                throw new Refused(document.getString("detail", "status " + status), document);
            }
            return document;
        } catch (JsonException | ClassCastException e) {
            throw new IOException("what answers at " + name + " is not the admin API of Selvage", e);
        } catch (RuntimeException e) {
            throw new IOException("the admin API does not answer at " + name + ": " + reason(e), e);
        }
    }

    private static JsonObject read(String text) {
        try (JsonReader reader = JSON.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString);
    }

    /// A request that the server has refused. The message says why.
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient JsonObject document;

        Refused(String detail, JsonObject document) {
            super(detail);
            this.document = document;
        }

        /// The problem document (RFC 9457).
        public JsonObject document() {
            return document;
        }
    }
}

package io.selvage.server.admin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.selvage.server.net.AddressText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Who may use the admin API: processes of this machine by the loopback address or a unix socket, and others with a token. Pages
/// of other sites in a browser of this machine may not. Any client may load the files of the dashboard, because a browser sends
/// no token for a page; they contain no data. Thread-safe.
final class AdminAccess implements Filter {
    private static final String SCHEME = "Bearer ";
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    /// A proxy on this machine adds one of them to the requests of others.
    private static final List<HeaderName> OF_PROXIES = List.of(HeaderNames.FORWARDED, HeaderNames.X_FORWARDED_FOR,
            HeaderNames.create("X-Real-IP"), HeaderNames.VIA);
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Duration delay;
    private final Consumer<String> log;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - BETWEEN_LINES.toNanos());
    private volatile Optional<byte[]> token = Optional.empty();    // its digest

    /// @param delay of the answer to a wrong token
    /// @param log receives a line about wrong tokens, at most every ten seconds
    AdminAccess(Duration delay, Consumer<String> log) {
        this.delay = delay;
        this.log = log;
    }

    /// What clients of other machines must send from now on.
    ///
    /// @param text empty if they have no access
    void token(Optional<String> text) {
        token = text.map(AdminAccess::digest);
    }

    /// Requests with a wrong token since the start.
    long failures() {
        return failures.get();
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (isPageFile(request)) {
            chain.proceed();
            return;
        }
        try {
            checkClient(request);
            checkPage(request);
        } catch (ApiProblem refused) {
            Answers.problem(request, response, refused);
            return;
        }
        chain.proceed();
    }

    private static boolean isPageFile(RoutingRequest request) {
        return READING.contains(request.prologue().method().text()) && DashboardFiles.isFile(request.path().rawPath());
    }

    private void checkClient(RoutingRequest request) {
        SocketAddress client = request.remotePeer().address();
        Optional<String> sent = request.headers().first(HeaderNames.AUTHORIZATION);
        if (sent.isPresent()) {
            checkToken(sent.get(), client);
        } else if (!isOfThisMachine(client, request.headers())) {
            throw unauthorized("clients of other machines need the token of \"admin\"");
        } else if (client instanceof InetSocketAddress && !isOwnHost(request.authority())) {
            throw new ApiProblem(403, "Forbidden", "the host \"" + request.authority()
                    + "\" is no name of the loopback address; a page of another site may have sent the request");
        }
    }

    private static boolean isOfThisMachine(SocketAddress client, ServerRequestHeaders headers) {
        boolean local = client instanceof UnixDomainSocketAddress
                || client instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
        return local && OF_PROXIES.stream().noneMatch(headers::contains);
    }

    /// Names that no other site can have. Any other could lead to this address, as its owner decides (DNS rebinding).
    private static boolean isOwnHost(String authority) {
        String host = authority.replaceFirst(":\\d*$", "");
        String literal = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return host.equals("localhost") || host.endsWith(".localhost")
                || AddressText.parse(literal).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private void checkToken(String sent, SocketAddress client) {
        boolean bearer = sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] digest = digest(bearer ? sent.substring(SCHEME.length()).strip() : "");
        if (token.filter(own -> MessageDigest.isEqual(own, digest)).isEmpty()) {
            failed(client);
            throw unauthorized("the token is wrong");
        }
    }

    private void failed(SocketAddress client) {
        long count = failures.incrementAndGet();
        long now = System.nanoTime();
        long last = loggedNanos.get();
        if (now - last >= BETWEEN_LINES.toNanos() && loggedNanos.compareAndSet(last, now)) {
            log.accept("a request to the admin API from " + AddressText.host(client) + " had a wrong token; " + count
                    + " since the start");
        }
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ApiProblem unauthorized(String detail) {
        return new ApiProblem(401, "Unauthorized", detail).withField("WWW-Authenticate", "Bearer realm=\"selvage\"");
    }

    /// Browsers say which page a request comes from. Changes and data are for pages of this server only; its own pages may be
    /// linked from elsewhere.
    private static void checkPage(RoutingRequest request) {
        boolean changes = !READING.contains(request.prologue().method().text());
        boolean isData = changes || request.path().rawPath().startsWith("/api/");
        Optional<String> site = request.headers().first(FETCH_SITE);
        if (isData && site.isPresent() && !OWN_PAGES.contains(site.get())) {
            throw foreign();
        }
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (isData && origin.isPresent() && !origin.get().equalsIgnoreCase("http://" + request.authority())) {
            throw foreign();
        }
    }

    private static ApiProblem foreign() {
        return new ApiProblem(403, "Forbidden", "the request comes from a page of another site");
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

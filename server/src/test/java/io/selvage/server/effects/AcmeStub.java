package io.selvage.server.effects;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// An ACME server that believes every signature and keeps what clients sent: the payloads of the requests, by their paths. It
/// looks for the answers of http-01 at the address of [#site].
final class AcmeStub implements AutoCloseable {
    private static final Pattern NAMES = Pattern.compile("\"value\":\"([^\"]+)\"");
    private static final Duration VALID = Duration.ofDays(90);
    private static final long PATIENCE = 50;

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");   // without it, each answer takes 40 ms
    }

    private final HttpServer server;
    private final KeyPair pair = keyPair();
    private final X509Certificate root;
    private final CompletableFuture<InetSocketAddress> site = new CompletableFuture<>();
    private final Map<String, String> heads = new ConcurrentHashMap<>();
    private final Map<String, String> payloads = new ConcurrentHashMap<>();
    private final Map<String, String> shown = new ConcurrentHashMap<>();
    private final AtomicInteger serial = new AtomicInteger(1);
    private final AtomicInteger orders = new AtomicInteger();
    private volatile String chain = "";
    private volatile List<String> names = List.of();
    private volatile String meta = "";
    private volatile boolean broken;

    private AcmeStub(boolean tls) throws IOException, GeneralSecurityException, OperatorCreationException {
        root = certificate("CN=stub", pair.getPublic(), List.of("127.0.0.1"));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = tls ? HttpsServer.create(any, 0) : HttpServer.create(any, 0);
        if (server instanceof HttpsServer secure) {
            secure.setHttpsConfigurator(new HttpsConfigurator(context()));
        }
        server.createContext("/", this::handle);
        server.setExecutor(task -> Thread.ofPlatform().daemon().start(task));
        server.start();
    }

    static AcmeStub start() {
        return start(false);
    }

    /// @param tls whether it speaks HTTPS, with the certificate [#rootPem]
    static AcmeStub start(boolean tls) {
        try {
            return new AcmeStub(tls);
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    String directory() {
        return url("/dir");
    }

    private String url(String path) {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    String rootPem() throws GeneralSecurityException {
        return pem(root.getEncoded());
    }

    /// Where the names lead.
    void site(InetSocketAddress address) {
        site.complete(address);
    }

    /// More of the directory, in JSON.
    void meta(String json) {
        meta = json;
    }

    /// Whether the last step of an order fails.
    void broken(boolean fails) {
        broken = fails;
    }

    /// The last payload at a path.
    String payload(String path) {
        return payloads.getOrDefault(path, "");
    }

    /// The last protected header at a path.
    String head(String path) {
        return heads.getOrDefault(path, "");
    }

    /// What the site has shown for a name.
    String shown(String name) {
        return shown.getOrDefault(name, "");
    }

    int orders() {
        return orders.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!body.isEmpty()) {
            heads.put(path, decoded(body, "protected"));
            payloads.merge(path, decoded(body, "payload"), (old, fresh) -> fresh.isEmpty() ? old : fresh);
        }
        exchange.getResponseHeaders().add("Replay-Nonce", "bm9uY2U");
        try {
            answer(exchange, path);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException(e);
        } finally {
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange, String path)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        switch (path.substring(0, path.indexOf('/', 1) < 0 ? path.length() : path.indexOf('/', 1))) {
            case "/dir" -> send(exchange, 200, """
                    {"newNonce": "%s", "newAccount": "%s", "newOrder": "%s", "meta": {"termsOfService": "%s"%s}}
                    """.formatted(url("/nonce"), url("/account"), url("/new-order"), url("/terms"), meta));
            case "/account" -> {
                boolean agreed = payload(path).contains("\"termsOfServiceAgreed\":true");
                exchange.getResponseHeaders().add("Location", url("/account/1"));
                send(exchange, agreed ? 201 : 403, agreed ? "{\"status\": \"valid\"}"
                        : problem("userActionRequired", "Provided account did not agree to the terms of service"));
            }
            case "/new-order" -> {
                orders.incrementAndGet();
                names = NAMES.matcher(payload(path)).results().map(found -> found.group(1)).toList();
                chain = "";
                shown.clear();
                exchange.getResponseHeaders().add("Location", url("/order"));
                send(exchange, 201, order());
            }
            case "/order" -> send(exchange, 200, order());
            case "/authorization" -> send(exchange, 200, authorization(path.substring("/authorization/".length())));
            case "/challenge" -> {
                String name = path.substring(path.lastIndexOf('/') + 1);
                String type = path.split("/")[2];
                shown.put(name, type.equals("http-01") ? look(name) : "");
                send(exchange, 200, challenge(name, type));
            }
            case "/finalize" -> {
                if (broken) {
                    send(exchange, 500, problem("serverInternal", "the disk\\n is full"));
                    return;
                }
                issue(payload(path));
                send(exchange, 200, order());
            }
            case "/certificate" -> {
                exchange.getResponseHeaders().add("Content-Type", "application/pem-certificate-chain");
                exchange.getResponseHeaders().add("Link", "<" + url("/certificate/other") + ">;rel=\"alternate\"");
                send(exchange, 200, path.endsWith("other") ? chain + rootOf("CN=other") : chain + rootPem());
            }
            default -> send(exchange, 200, "");
        }
    }

    private String order() {
        boolean ready = names.stream().allMatch(name -> shown(name).contains("."));
        String status = chain.isEmpty() ? ready ? "ready" : "pending" : "valid";
        return """
                {"status": "%s", "identifiers": [%s], "authorizations": [%s], "finalize": "%s", "certificate": "%s"}
                """.formatted(status, joined(name -> "{\"type\": \"dns\", \"value\": \"" + name + "\"}"),
                joined(name -> "\"" + url("/authorization/" + name) + "\""), url("/finalize"), url("/certificate"));
    }

    private String joined(UnaryOperator<String> each) {
        return String.join(", ", names.stream().map(each).toList());
    }

    private String authorization(String name) {
        String status = shown.containsKey(name) ? shown(name).contains(".") ? "valid" : "invalid" : "pending";
        return """
                {"status": "%s", "identifier": {"type": "dns", "value": "%s"}, "challenges": [%s, %s]}
                """.formatted(status, name, challenge(name, "http-01"), challenge(name, "tls-alpn-01"));
    }

    private String challenge(String name, String type) {
        String status = shown.containsKey(name) ? shown(name).contains(".") ? "valid" : "invalid" : "pending";
        String error = status.equals("invalid") ? ", \"error\": " + problem("connection", "nothing found") : "";
        return """
                {"type": "%s", "url": "%s", "token": "%s", "status": "%s"%s}
                """.formatted(type, url("/challenge/" + type + "/" + name), token(name), status, error);
    }

    private static String token(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("token of " + name).getBytes(StandardCharsets.UTF_8));
    }

    private static String problem(String type, String detail) {
        return "{\"type\": \"urn:ietf:params:acme:error:" + type + "\", \"detail\": \"" + detail + "\"}";
    }

    /// What the site shows for a name.
    private String look(String name) {
        try (Socket socket = new Socket()) {
            socket.connect(site.get(PATIENCE, TimeUnit.SECONDS));
            socket.getOutputStream().write(("GET /.well-known/acme-challenge/" + token(name) + " HTTP/1.1\r\nHost: " + name
                    + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200 ") ? answer.substring(answer.indexOf("\r\n\r\n") + 4) : "";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void issue(String payload) throws IOException, GeneralSecurityException, OperatorCreationException {
        Matcher csr = Pattern.compile("\"csr\":\"([^\"]+)\"").matcher(payload);
        if (!csr.find()) {
            throw new IOException("no request in " + payload);
        }
        var request = new JcaPKCS10CertificationRequest(Base64.getUrlDecoder().decode(csr.group(1)));
        String subject = request.getSubject().getRDNs().length == 0 ? "CN=none" : request.getSubject().toString();
        chain = pem(certificate(subject, request.getPublicKey(), names).getEncoded());
    }

    private X509Certificate certificate(String subject, PublicKey key, List<String> names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        List<GeneralName> alternatives = new ArrayList<>();
        names.forEach(name -> alternatives.add(new GeneralName(
                name.matches("[\\d.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name)));
        return new JcaX509CertificateConverter().getCertificate(
                new JcaX509v3CertificateBuilder(new X500Name("CN=stub"), BigInteger.valueOf(serial.getAndIncrement()),
                        Date.from(now.minusSeconds(60)), Date.from(now.plus(VALID)), new X500Name(subject), key)
                        .addExtension(Extension.subjectAlternativeName, false,
                                new GeneralNames(alternatives.toArray(GeneralName[]::new)))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    /// A certificate of the key, issued by itself under another name.
    private String rootOf(String name) throws IOException, GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        return pem(new JcaX509v3CertificateBuilder(new X500Name(name), BigInteger.ONE, Date.from(now.minusSeconds(60)),
                Date.from(now.plus(VALID)), new X500Name(name), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())).getEncoded());
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("stub", pair.getPrivate(), new char[0], new Certificate[] {root});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END CERTIFICATE-----\n";
    }

    private static String decoded(String body, String part) {
        Matcher found = Pattern.compile("\"" + part + "\":\"([^\"]*)\"").matcher(body);
        return found.find() ? new String(Base64.getUrlDecoder().decode(found.group(1)), StandardCharsets.UTF_8) : "";
    }

    private static void send(HttpExchange exchange, int status, String body) {
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().putIfAbsent("Content-Type",
                    List.of(status < 400 ? "application/json" : "application/problem+json"));
            exchange.sendResponseHeaders(status, bytes.length == 0 || exchange.getRequestMethod().equals("HEAD") ? -1
                    : bytes.length);
            if (bytes.length > 0 && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

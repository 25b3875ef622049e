package io.selvage.server.wiring;

import io.selvage.cache.OpenFiles;
import io.selvage.server.config.Config;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Router;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http1.ExplainedHead;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.AddressText;
import io.selvage.server.observe.LogFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Explains what a configuration does with a request. The decisions are made by the handlers and filters that serve requests.
public final class Explainer {
    private static final Sent NOTHING = new Sent(new ResponseHead(Status.OK, Headers.EMPTY), 0, 0, false);

    private Explainer() {
    }

    /// Explains a request to a configuration that does not run. Opens no listener and no log, looks up no name of a peer, sends
    /// nothing.
    ///
    /// @throws IOException if an address does not resolve or a certificate cannot be used
    /// @throws IllegalArgumentException if the configuration does not listen where the request goes
    public static Explanation explain(Config config, ExplainRequest request) throws IOException {
        ServerState state = new ServerState(new IdleIo(), LogFiles.unwritten(), new OpenFiles(0));
        try {
            return explain(Wiring.build(config, state), request);
        } finally {
            state.close();
        }
    }

    /// @throws IllegalArgumentException if the configuration does not listen where the request goes
    static Explanation explain(RuntimeConfig config, ExplainRequest request) {
        Explanation root = new Explanation("explanation", request.method() + " " + request.url(),
                "from " + request.client().getHostAddress());
        Chosen listener = listener(config, request);
        Optional<ListenerRoute.Tls> tls = Optional.ofNullable(listener.route.tls());
        if (request.isSecure() && tls.isEmpty()) {
            throw new IllegalArgumentException("no TLS is spoken at " + AddressText.withPort(listener.address)
                    + ": \"listen\" has no \"ssl\"");
        }
        boolean plainToTls = tls.isPresent() && request.isAbsolute() && !request.isSecure();
        root.add("listener", AddressText.withPort(listener.address), listener.why
                + (tls.isEmpty() ? "" : plainToTls ? ", speaks TLS, which this request does not" : ", in TLS"));
        root.with("listener", AddressText.withPort(listener.address));
        EntryPoint entry = plainToTls ? tls.get().plain() : listener.route.entry();
        boolean secure = tls.isPresent() && !plainToTls;
        Exchange exchange = ExplainedHead.exchange(request.head(), entry,
                new ExplainedClient(new InetSocketAddress(request.client(), 0), listener.local(), secure));
        Router.Explaining routers = plainToTls ? tls.get().explainedPlain() : listener.route.explained();
        ExchangeRunner.run(exchange, each -> routers.explaining(each, root), Explainer::drop);
        return root;
    }

    private static Sent drop(Exchange exchange, FinalAnswer answer) {
        if (answer instanceof Reply reply) {
            reply.body().close();
        }
        return NOTHING;
    }

    /// An address that the configuration listens on, and why it is this one.
    private record Chosen(SocketAddress address, ListenerRoute route, String why) {
        /// The address of the connection.
        SocketAddress local() {
            return address;
        }
    }

    private static Chosen listener(RuntimeConfig config, ExplainRequest request) {
        if (!request.isAbsolute()) {
            Map.Entry<SocketAddress, ListenerRoute> first = config.routes().entrySet().stream().findFirst().orElseThrow(() ->
                    new IllegalArgumentException("the configuration listens nowhere: it has no \"server\""));
            return new Chosen(first.getKey(), first.getValue(), "the first in the configuration, as the URL is a path alone");
        }
        Map<SocketAddress, ListenerRoute> ofPort = config.routes().entrySet().stream()
                .filter(each -> each.getKey() instanceof InetSocketAddress inet && inet.getPort() == request.port())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (first, _) -> first,
                        LinkedHashMap::new));
        Optional<InetAddress> literal = literal(request.host());
        Optional<Map.Entry<SocketAddress, ListenerRoute>> same = ofPort.entrySet().stream().filter(each -> literal.isPresent()
                && ((InetSocketAddress) each.getKey()).getAddress().equals(literal.get())).findFirst();
        if (same.isPresent()) {
            return new Chosen(same.get().getKey(), same.get().getValue(), "the address itself");
        }
        return ofPort.entrySet().stream().filter(each -> isWildcardFor(each.getKey(), literal)).findFirst()
                .map(each -> new Chosen(each.getKey(), each.getValue(), "all addresses of this port"))
                .or(() -> literal.isPresent() ? Optional.empty() : ofPort.entrySet().stream().findFirst().map(each ->
                        new Chosen(each.getKey(), each.getValue(), ofPort.size() > 1
                                ? "the first of " + ofPort.size() + " addresses with this port" : "the address with this port")))
                .orElseThrow(() -> nowhere(config, request));
    }

    private static IllegalArgumentException nowhere(RuntimeConfig config, ExplainRequest request) {
        return new IllegalArgumentException("the configuration does not listen on port " + request.port() + " for "
                + request.host() + "; it listens on " + config.routes().keySet().stream().map(AddressText::withPort)
                .collect(Collectors.joining(", ")));
    }

    private static boolean isWildcardFor(SocketAddress address, Optional<InetAddress> literal) {
        InetAddress own = ((InetSocketAddress) address).getAddress();
        return own.isAnyLocalAddress() && (literal.isEmpty() || own.getClass() == literal.get().getClass());
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

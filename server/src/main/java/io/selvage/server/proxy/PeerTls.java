package io.selvage.server.proxy;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Text;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.TlsClientPolicy;
import io.selvage.server.tls.TlsEngine;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// TLS on the connections that a location makes to its peers (`proxy_ssl_*`). Any thread.
public final class PeerTls {
    private final ClientSource clients;
    private final Optional<Text> name;
    private final boolean sendsName;
    private final OwnCertificate certificate;
    private volatile @Nullable Client client;              // once it is known; threads may race, all get an equal one
    private volatile @Nullable Known last;                 // of the last request: most requests need the same

    /// What makes the handshakes.
    ///
    /// @param id the same for equal policies of one configuration, and for no others
    public record Client(TlsEngine engine, TlsClientPolicy policy, int id) {
    }

    /// Where the client comes from.
    @FunctionalInterface
    public interface ClientSource {

        /// Called by the first request whose peers speak TLS, so that a location whose URL is made of variables needs no engine
        /// before. May block.
        ///
        /// @throws IOException if there is no engine, or it cannot do what the location needs
        Client get() throws IOException;
    }

    /// The certificate that is shown to peers that ask for one.
    @FunctionalInterface
    public interface OwnCertificate {
        /// None is shown.
        OwnCertificate NONE = _ -> Optional.empty();

        /// Called for each request. May park, but not block its carrier.
        ///
        /// @throws IOException if its files cannot be used
        Optional<CertifiedKey> shownFor(Exchange exchange) throws IOException;
    }

    private record Known(Client client, String name, @Nullable CertifiedKey own, PeerIdentity identity) {
        boolean isFor(Client wanted, String host, @Nullable CertifiedKey shown) {
            return client == wanted && own == shown && name.equals(host);
        }
    }

    /// @param name of the peer; empty for the host of the URL. A port at its end does not count (`proxy_ssl_name`)
    /// @param sendsName true to send the name in the handshake (`proxy_ssl_server_name`)
    /// @param certificate what is shown to peers (`proxy_ssl_certificate`)
    public PeerTls(ClientSource clients, Optional<Text> name, boolean sendsName, OwnCertificate certificate) {
        this.clients = clients;
        this.name = name;
        this.sendsName = sendsName;
        this.certificate = certificate;
    }

    /// The same targets; but connections are made in TLS where the URL says so.
    public TargetSelector secure(TargetSelector targets) {
        return exchange -> {
            ProxyTarget target = targets.select(exchange);
            return target.url().isSecure() ? target.with(identity(exchange, target.url())) : target;
        };
    }

    private PeerIdentity identity(Exchange exchange, ProxyUrl url) throws Failure {
        String host = PeerIdentity.hostOf(name.isPresent() ? name.get().apply(exchange) : url.host());
        try {
            Client used = client();
            CertifiedKey own = certificate.shownFor(exchange).orElse(null);
            Known known = last;
            if (known == null || !known.isFor(used, host, own)) {
                known = new Known(used, host, own, PeerIdentity.of(used, host, sendsName, Optional.ofNullable(own)));
                last = known;
            }
            return known.identity;
        } catch (IOException e) {
            throw Failure.here(Failure.What.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private Client client() throws IOException {
        Client known = client;
        if (known == null) {
            known = BlockingExecutor.call(clients::get);
            client = known;
        }
        return known;
    }
}

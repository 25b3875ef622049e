package io.selvage.server.module;

import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.config.Section;
import io.selvage.server.tls.TlsPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The certificates that the sites of one configuration order. Used by one thread, while the runtime configuration is built.
public final class AcmeSites {
    private final Section http;
    private final ServerState state;
    private final AcmeOrders orders;
    private final Map<Section, CertificateSlot> slots = new IdentityHashMap<>();

    AcmeSites(Section http, ServerState state) {
        this.http = http;
        this.state = state;
        this.orders = new AcmeOrders(http);
    }

    /// The certificate of a site; empty if it orders none.
    ///
    /// @throws UncheckedIOException if a file of the issuer cannot be read, or its folder cannot be created
    Optional<CertificateSlot> slot(Section server) {
        CertificateSlot known = slots.get(server);
        try {
            Optional<AcmeOrders.Wanted> wanted = orders.of(server);
            if (known != null || wanted.isEmpty()) {
                return Optional.ofNullable(known);
            }
            CertificateSlot slot = state.acme().slot(wanted.get().issuer(), wanted.get().certificate());
            slots.put(server, slot);
            return Optional.of(slot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the sites want, by their issuers.
    public Map<IssuerSpec, List<CertificateSpec>> wanted() {
        return orders.byIssuer();
    }

    /// What a client gets in a handshake for tls-alpn-01; empty if the configuration names no ACME server.
    public Optional<TlsPolicy> challengePolicy() {
        return http.inside(AcmeModule.ISSUER).isEmpty() ? Optional.empty()
                : Optional.of(state.acme().challenges().policy());
    }
}

package io.selvage.server.module;

import io.selvage.server.acme.AccountSpec;
import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.acme.OrderOptions;
import io.selvage.server.acme.ServerTrust;
import io.selvage.server.config.Section;
import io.selvage.server.module.AcmeSettings.IssuerSettings;
import io.selvage.server.module.AcmeSettings.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The certificates that the sites of one configuration order. Used by one thread, while the runtime configuration is built.
public final class AcmeSites {
    private final Section http;
    private final ServerState state;
    private final Map<String, IssuerSpec> issuers = new HashMap<>();
    private final Map<Section, CertificateSlot> slots = new IdentityHashMap<>();
    private final Map<IssuerSpec, List<CertificateSpec>> wanted = new LinkedHashMap<>();

    AcmeSites(Section http, ServerState state) {
        this.http = http;
        this.state = state;
    }

    /// The certificate of a site; empty if it orders none.
    ///
    /// @throws UncheckedIOException if a file of the issuer cannot be read, or its folder cannot be created
    Optional<CertificateSlot> slot(Section server) {
        Optional<Order> order = AcmeModule.order(server);
        CertificateSlot known = slots.get(server);
        if (order.isEmpty() || known != null) {
            return Optional.ofNullable(known);
        }
        try {
            IssuerSpec issuer = issuer(order.get().issuer());
            CertificateSpec spec = spec(server, order.get());
            CertificateSlot slot = state.acme().slot(issuer, spec);
            List<CertificateSpec> specs = wanted.computeIfAbsent(issuer, _ -> new ArrayList<>());
            if (!specs.contains(spec)) {
                specs.add(spec);
            }
            slots.put(server, slot);
            return Optional.of(slot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the sites want, by their issuers.
    public Map<IssuerSpec, List<CertificateSpec>> wanted() {
        return wanted;
    }

    static CertificateSpec spec(Section server, Order order) {
        return new CertificateSpec(order.names().isEmpty() ? AcmeNames.of(server) : order.names(), order.key());
    }

    private IssuerSpec issuer(String name) throws IOException {
        IssuerSpec known = issuers.get(name);
        if (known == null) {
            known = issuer(http, name);
            issuers.put(name, known);
        }
        return known;
    }

    static IssuerSpec issuer(Section http, String name) throws IOException {
        Section section = http.inside(AcmeModule.ISSUER).stream().filter(each -> AcmeModule.name(each).equals(name)).findFirst()
                .orElseThrow();
        IssuerSettings set = section.get(IssuerSettings.class);
        Path authorities = set.server().authorities();
        Optional<Path> state = set.server().state().map(AcmeSettings.StatePath::folder)
                .orElseGet(() -> Optional.of(section.line().argument(0).with("acme_" + name).path()));
        return new IssuerSpec(name, set.server().uri().orElseThrow().uri(), account(set.account()), set.orders().challenge(),
                new ServerTrust(authorities.toString().isEmpty() ? Optional.empty() : Optional.of(authorities),
                        set.server().verify()),
                state.map(Path::toAbsolutePath), options(set.orders()));
    }

    private static AccountSpec account(AcmeSettings.AccountSettings set) throws IOException {
        Optional<AccountSpec.External> external = Optional.empty();
        if (set.external().isPresent()) {
            AcmeSettings.ExternalKey key = set.external().get();
            String encoded = key.file().isPresent() ? Files.readString(key.file().get()).strip()
                    : key.key().substring(AcmeSettings.ExternalKey.DATA.length());
            external = Optional.of(new AccountSpec.External(key.kid(), encoded.replace("=", "")));
        }
        return new AccountSpec(set.key(), set.contacts().stream().map(AcmeSettings.Contact::uri).toList(), set.termsAccepted(),
                external);
    }

    private static OrderOptions options(AcmeSettings.OrderSettings set) {
        return new OrderOptions(set.profile().map(AcmeSettings.Profile::name),
                set.profile().map(AcmeSettings.Profile::required).orElse(false), set.preferredChain(), set.commonName());
    }
}

package io.selvage.server.module;

import io.selvage.server.acme.AccountSpec;
import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.acme.OrderOptions;
import io.selvage.server.acme.ServerTrust;
import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.module.AcmeSettings.IssuerSettings;
import io.selvage.server.module.AcmeSettings.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The orders of one configuration: what its sites want, and of which ACME server. Used by one thread.
public final class AcmeOrders {
    private final Section http;
    private final Map<String, IssuerSpec> issuers = new HashMap<>();
    private final Map<IssuerSpec, List<CertificateSpec>> wanted = new LinkedHashMap<>();

    AcmeOrders(Section http) {
        this.http = http;
    }

    /// A certificate that a site wants.
    public record Wanted(IssuerSpec issuer, CertificateSpec certificate) {
    }

    /// All of a configuration, each once.
    ///
    /// @throws IOException if a file of an issuer cannot be read
    public static List<Wanted> all(Config config) throws IOException {
        Section http = config.block(Contexts.HTTP);
        AcmeOrders orders = new AcmeOrders(http);
        List<Wanted> all = new ArrayList<>();
        for (Section server : http.inside(Contexts.SERVER)) {
            orders.of(server).filter(each -> !all.contains(each)).ifPresent(all::add);
        }
        return all;
    }

    /// What a site wants; empty if it orders nothing.
    ///
    /// @throws IOException if a file of the issuer cannot be read
    Optional<Wanted> of(Section server) throws IOException {
        Optional<Order> order = AcmeModule.order(server);
        if (order.isEmpty()) {
            return Optional.empty();
        }
        IssuerSpec issuer = issuer(order.get().issuer());
        CertificateSpec certificate = spec(server, order.get());
        List<CertificateSpec> here = wanted.computeIfAbsent(issuer, _ -> new ArrayList<>());
        if (!here.contains(certificate)) {
            here.add(certificate);
        }
        return Optional.of(new Wanted(issuer, certificate));
    }

    /// What the sites want that were asked about.
    Map<IssuerSpec, List<CertificateSpec>> byIssuer() {
        return Map.copyOf(wanted);
    }

    private static CertificateSpec spec(Section server, Order order) {
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

    private static IssuerSpec issuer(Section http, String name) throws IOException {
        Section section = http.inside(AcmeModule.ISSUER).stream().filter(each -> AcmeModule.name(each).equals(name)).findFirst()
                .orElseThrow();
        IssuerSettings set = section.get(IssuerSettings.class);
        Optional<Path> state = set.server().state().map(AcmeSettings.StatePath::folder)
                .orElseGet(() -> Optional.of(section.line().argument(0).with("acme_" + name).path()));
        return new IssuerSpec(name, set.server().uri().orElseThrow().uri(), account(set.account()), set.orders().challenge(),
                new ServerTrust(set.server().authorities().found(), set.server().verify()),
                state.map(Path::toAbsolutePath), options(set.orders()));
    }

    private static AccountSpec account(AcmeSettings.AccountSettings set) throws IOException {
        Optional<AccountSpec.External> external = Optional.empty();
        if (set.external().isPresent()) {
            AcmeSettings.ExternalKey key = set.external().get();
            external = Optional.of(new AccountSpec.External(key.kid(), key.encoded()));
        }
        return new AccountSpec(set.key(), set.contacts().stream().map(AcmeSettings.Contact::uri).toList(), set.termsAccepted(),
                external);
    }

    private static OrderOptions options(AcmeSettings.OrderSettings set) {
        return new OrderOptions(set.profile().map(AcmeSettings.Profile::name),
                set.profile().map(AcmeSettings.Profile::required).orElse(false), set.preferredChain(), set.commonName());
    }
}

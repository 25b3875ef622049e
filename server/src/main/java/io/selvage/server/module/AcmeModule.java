package io.selvage.server.module;

import io.selvage.server.acme.AccountKey;
import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.acme.ChallengeAnswer;
import io.selvage.server.acme.ChallengeType;
import io.selvage.server.acme.IssuedCertificate;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Exchange;
import io.selvage.server.module.AcmeSettings.IssuerSettings;
import io.selvage.server.module.AcmeSettings.Order;
import io.selvage.server.module.AcmeSettings.SiteCertificate;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsFileException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Certificates that the server orders and renews itself, at an ACME server.
final class AcmeModule implements Module {
    static final Context ISSUER = new Context("acme_issuer");
    private static final String DATA = "data:";

    @Override
    public Directives directives() {
        return new Directives()
                .block("acme_issuer", Shape.of(1, 1).repeated(), "Names an ACME server, and the account there.", Contexts.HTTP)
                .isolate(ISSUER)
                .settings(IssuerSettings.class, ISSUER)
                .settings(SiteCertificate.class, Contexts.SERVER)
                .codec(AcmeSettings.Uri.class, Codec.word(AcmeSettings.Uri::read, AcmeSettings.Uri::written))
                .codec(AcmeSettings.StatePath.class, Codec.word(AcmeSettings.StatePath::read, AcmeSettings.StatePath::written))
                .codec(AcmeSettings.Contact.class, Codec.line(1, 1, AcmeSettings.Contact::read))
                .codec(AcmeSettings.ExternalKey.class, Codec.line(2, 2, AcmeSettings.ExternalKey::read))
                .codec(AcmeSettings.Profile.class, Codec.line(1, 2, AcmeSettings.Profile::read))
                .codec(AccountKey.class, Codec.word(AcmeSettings::accountKey, AcmeSettings::written))
                .codec(ChallengeType.class, Codec.word(AcmeSettings::challenge, ChallengeType::toString))
                .codec(Order.class, Codec.line(1, Integer.MAX_VALUE, Order::read))
                .check(main -> main.inside(Contexts.HTTP).forEach(AcmeModule::check));
    }

    private static void check(Section http) {
        Set<String> issuers = new HashSet<>();
        for (Section issuer : http.inside(ISSUER)) {
            if (!issuers.add(name(issuer))) {
                issuer.line().problem("\"acme_issuer\" of the name \"" + name(issuer) + "\" is duplicate");
            }
            if (issuer.get(IssuerSettings.class).server().uri().isEmpty()) {
                issuer.line().problem("\"uri\" is missing in the \"acme_issuer\"");
            }
            issuer.scope().here("ssl_trusted_certificate").forEach(line -> checkAuthorities(line.argument(0)));
        }
        for (Section server : http.inside(Contexts.SERVER)) {
            if (order(server).isEmpty() && TlsPolicies.isOrdered(server)) {
                server.line().problem("\"$acme_certificate\" is used in a \"server\" without an \"acme_certificate\"");
            }
            for (Line line : server.scope().here("acme_certificate")) {
                line.argument(0).declared(issuers, "ACME issuer");
                order(server).filter(order -> order.names().isEmpty()).ifPresent(_ -> checkNames(server, line));
            }
        }
    }

    private static void checkAuthorities(Argument file) {
        try {
            if (file.machine().readsFiles()) {
                KeyPairFiles.authorities(file.configPath());
            }
        } catch (TlsFileException e) {
            file.problem(String.valueOf(e.getMessage()));
        }
    }

    private static void checkNames(Section server, Line line) {
        AcmeNames.check(server);
        if (AcmeNames.of(server).isEmpty()) {
            line.problem("\"acme_certificate\" has no names: there is none in \"server_name\" that a certificate can have");
        }
    }

    @Override
    public void assemble(LocationBuilder location) {
        ConfigScope shared = location.shared();
        if (location.isSite() && !shared.http().inside(ISSUER).isEmpty()) {
            location.rewrite(new ChallengeAnswer(location.state().acme().challenges()));
        }
        shared.acme().slot(location.server()).ifPresent(location::value);
    }

    static Optional<Order> order(Section server) {
        return server.get(SiteCertificate.class).order();
    }

    static String name(Section issuer) {
        return issuer.line().argument(0).text();
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "acme_certificate", exchange -> text(exchange, IssuedCertificate::chainPem),
                "acme_certificate_key", exchange -> text(exchange, IssuedCertificate::keyPem)));
    }

    /// As `ssl_certificate` takes it; empty before the first certificate.
    private static Optional<String> text(Exchange exchange, Function<IssuedCertificate, String> part) {
        return exchange.routing().values().get(CertificateSlot.class).flatMap(CertificateSlot::current)
                .map(part).map(DATA::concat);
    }
}

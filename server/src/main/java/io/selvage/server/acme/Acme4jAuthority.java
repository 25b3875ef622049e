package io.selvage.server.acme;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.RenewalInfo;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// Speaks to an ACME server with acme4j: one HTTP client for each call of its methods, so that nothing of it stays between two
/// renewals. Used by the thread of its issuer.
final class Acme4jAuthority implements CertificateAuthority {
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ORDER_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration FIRST_POLL = Duration.ofMillis(200);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofHours(6);
    private static final Set<Status> UNDECIDED = EnumSet.of(Status.PENDING, Status.PROCESSING, Status.UNKNOWN);

    private final IssuerSpec issuer;
    private final IssuerState state;
    private final Challenges challenges;

    Acme4jAuthority(IssuerSpec issuer, IssuerState state, Challenges challenges) {
        this.issuer = issuer;
        this.state = state;
        this.challenges = challenges;
    }

    /// What is done with a connection to the server.
    @FunctionalInterface
    private interface Work<T> {
        T in(Session session) throws AcmeException, AcmeFailure, IOException, InterruptedException;
    }

    private <T> T connected(Work<T> work) throws AcmeFailure, InterruptedException {
        try (HttpClient client = client()) {
            Session session = new Session(issuer.directory(), new Server(client));
            session.networkSettings().setTimeout(REQUEST_TIMEOUT);
            try {
                return work.in(session);
            } finally {
                client.shutdownNow();
            }
        } catch (AcmeException | IOException | RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InterruptedException) {
                    throw (InterruptedException) new InterruptedException("closed").initCause(e);
                }
            }
            throw AcmeProblems.failure(issuer, e);
        }
    }

    private HttpClient client() throws IOException {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(REQUEST_TIMEOUT)
                .sslContext(TrustedServer.context(issuer.trust()))
                .build();
    }

    /// The server at any address.
    private static final class Server extends GenericAcmeProvider {
        private final HttpClient client;

        Server(HttpClient client) {
            this.client = client;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return client;
        }
    }

    @Override
    public IssuedCertificate issue(CertificateSpec wanted, Optional<IssuedCertificate> replaced)
            throws AcmeFailure, InterruptedException {
        return connected(session -> {
            Login login = login(session);
            Optional<IssuedCertificate> resumed = resumed(login, wanted)
                    .filter(found -> replaced.isEmpty() || !found.isSameAs(replaced.get()));
            return resumed.isPresent() ? resumed.get() : ordered(login, wanted, replaced);
        });
    }

    private Login login(Session session) throws AcmeException, AcmeFailure, IOException {
        AccountBuilder account = new AccountBuilder().useKeyPair(state.accountKey(issuer.account().key()));
        for (URI contact : issuer.account().contacts()) {
            account.addContact(contact);
        }
        if (issuer.account().termsAccepted()) {
            account.agreeToTermsOfService();
        }
        issuer.account().external().ifPresent(external -> account.withKeyIdentifier(external.kid(), external.macKey()));
        try {
            return account.createLogin(session);
        } catch (AcmeServerException e) {
            Optional<URI> terms = session.getMetadata().getTermsOfService();
            if (!issuer.account().termsAccepted() && terms.isPresent()) {
                throw AcmeProblems.termsNotAccepted(issuer, terms.get(), e);
            }
            throw e;
        }
    }

    /// The certificate of an order that this or another process has started; empty if there is none that can be completed.
    private Optional<IssuedCertificate> resumed(Login login, CertificateSpec wanted)
            throws AcmeException, IOException, InterruptedException {
        Optional<IssuerState.Started> started = state.started(wanted);
        if (started.isEmpty()) {
            return Optional.empty();
        }
        try {
            Order order = login.bindOrder(URI.create(started.get().url()).toURL());
            order.fetch();
            if (order.getStatus() != Status.INVALID) {
                return Optional.of(completed(order, wanted, KeyText.read(started.get().keyPem())));
            }
        } catch (AcmeServerException | AcmeFailure | IllegalArgumentException _) {
            // The server has forgotten or refused it.
        }
        state.end(wanted);
        return Optional.empty();
    }

    private IssuedCertificate ordered(Login login, CertificateSpec wanted, Optional<IssuedCertificate> replaced)
            throws AcmeException, AcmeFailure, IOException, InterruptedException {
        OrderBuilder builder = login.newOrder();
        wanted.names().forEach(name -> builder.identifier(AlpnCertificate.identifier(name)));
        profile(login).ifPresent(builder::profile);
        if (replaced.isPresent() && hasRenewalInfo(login.getSession(), replaced.get())) {
            builder.replaces(replaced.get().chain().getFirst());
        }
        Order order = created(builder, login, wanted);
        KeyPair pair = wanted.key().generate();
        state.start(wanted, new IssuerState.Started(order.getLocation().toString(), KeyText.write(pair.getPrivate())));
        return completed(order, wanted, pair);
    }

    /// A certificate can be replaced by one order only (RFC 9773 §5); where it is already, this order is one of its own.
    private static Order created(OrderBuilder builder, Login login, CertificateSpec wanted) throws AcmeException {
        try {
            return builder.create();
        } catch (AcmeServerException e) {
            if (!AcmeProblems.type(e.getProblem()).equals("alreadyReplaced")) {
                throw e;
            }
            OrderBuilder again = login.newOrder();
            wanted.names().forEach(name -> again.identifier(AlpnCertificate.identifier(name)));
            return again.create();
        }
    }

    private Optional<String> profile(Login login) throws AcmeException, AcmeFailure {
        Optional<String> profile = issuer.options().profile();
        if (profile.isPresent() && !login.getSession().getMetadata().isProfileAllowed(profile.get())) {
            if (issuer.options().profileRequired()) {
                throw new AcmeFailure(AcmeFailure.Kind.HOPELESS, "the ACME server has no profile \"" + profile.get()
                        + "\", only: " + String.join(", ", login.getSession().getMetadata().getProfiles())
                        + "; correct \"profile\" in the acme_issuer");
            }
            return Optional.empty();
        }
        return profile;
    }

    private IssuedCertificate completed(Order order, CertificateSpec wanted, KeyPair pair)
            throws AcmeException, AcmeFailure, IOException, InterruptedException {
        Instant deadline = Instant.now().plus(ORDER_TIMEOUT);
        if (order.getStatus() == Status.PENDING) {
            prove(order, deadline);
            await(order, deadline);
        }
        if (order.getStatus() == Status.READY) {
            order.execute(pair, csr -> {
                if (issuer.options().commonName()) {
                    csr.setCommonName(wanted.names().getFirst());
                }
            });
        }
        if (await(order, deadline) != Status.VALID) {
            state.end(wanted);
            throw order.getError().map(problem -> AcmeProblems.refused(issuer, problem))
                    .orElseGet(() -> AcmeProblems.notInTime(order.getStatus()));
        }
        return IssuedCertificate.of(preferred(order.getCertificate()), pair.getPrivate());
    }

    /// Shows what the server asks for, for all names at once, until it has decided.
    private void prove(Order order, Instant deadline) throws AcmeException, AcmeFailure, IOException, InterruptedException {
        List<Challenges.Shown> shown = new ArrayList<>();
        try {
            List<Authorization> open = order.getAuthorizations().stream()
                    .filter(authorization -> authorization.getStatus() == Status.PENDING).toList();
            for (Authorization authorization : open) {
                show(authorization, shown).trigger();
            }
            for (Authorization authorization : open) {
                Status status = await(authorization, deadline);
                if (status != Status.VALID) {
                    throw unproven(authorization, status);
                }
            }
        } finally {
            shown.forEach(Challenges.Shown::close);
        }
    }

    private Challenge show(Authorization authorization, List<Challenges.Shown> shown) throws AcmeFailure, IOException {
        String name = authorization.getIdentifier().getValue();
        switch (issuer.challenge()) {
            case HTTP_01 -> {
                var challenge = authorization.findChallenge(Http01Challenge.class);
                if (challenge.isPresent()) {
                    shown.add(challenges.show(state, challenge.get().getToken(), challenge.get().getAuthorization()));
                    return challenge.get();
                }
            }
            case TLS_ALPN_01 -> {
                var challenge = authorization.findChallenge(TlsAlpn01Challenge.class);
                if (challenge.isPresent()) {
                    shown.add(challenges.showCertificate(state, name, challenge.get().getAuthorization()));
                    return challenge.get();
                }
            }
        }
        throw new AcmeFailure(AcmeFailure.Kind.HOPELESS, "the ACME server does not offer " + issuer.challenge() + " for " + name
                + ", only " + authorization.getChallenges().stream().map(Challenge::getType).toList()
                + "; change \"challenge\" in the acme_issuer");
    }

    private AcmeFailure unproven(Authorization authorization, Status status) {
        return authorization.getChallenges().stream().flatMap(challenge -> challenge.getError().stream()).findFirst()
                .map(problem -> AcmeProblems.unproven(issuer, authorization.getIdentifier().getValue(), problem))
                .orElseGet(() -> AcmeProblems.notInTime(status));
    }

    /// Asks until the server has decided, at intervals of its choice.
    ///
    /// @return a status that is none of [#UNDECIDED], unless the time is over
    private static Status await(PollableResource resource, Instant deadline) throws AcmeException, InterruptedException {
        Duration wait = FIRST_POLL;
        while (UNDECIDED.contains(resource.getStatus()) && Instant.now().isBefore(deadline)) {
            Optional<Instant> wanted = resource.fetch();
            if (UNDECIDED.contains(resource.getStatus())) {
                Thread.sleep(wanted.map(time -> clamped(Duration.between(Instant.now(), time))).orElse(wait));
                wait = clamped(wait.multipliedBy(2));
            }
        }
        return resource.getStatus();
    }

    private static Duration clamped(Duration wait) {
        return wait.compareTo(FIRST_POLL) < 0 ? FIRST_POLL : wait.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : wait;
    }

    /// The chain with the preferred issuer, or the server's own choice.
    private List<X509Certificate> preferred(Certificate offered) {
        Optional<String> wanted = issuer.options().preferredChain();
        if (wanted.isEmpty() || isIssuedBy(wanted.get(), offered.getCertificateChain())) {
            return offered.getCertificateChain();
        }
        return offered.getAlternateCertificates().stream().map(Certificate::getCertificateChain)
                .filter(chain -> isIssuedBy(wanted.get(), chain)).findFirst()
                .orElseGet(offered::getCertificateChain);
    }

    private static boolean isIssuedBy(String commonName, List<X509Certificate> chain) {
        return DistinguishedName.commonName(chain.getLast().getIssuerX500Principal()).filter(commonName::equals).isPresent();
    }

    /// Whether the server can be asked about a certificate. Its name there contains the key of its issuer (RFC 9773 §4.1).
    private static boolean hasRenewalInfo(Session session, IssuedCertificate certificate) throws AcmeException {
        return certificate.chain().getFirst().getExtensionValue(AUTHORITY_KEY_IDENTIFIER) != null
                && session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    @Override
    public Optional<RenewalAdvice> advice(IssuedCertificate issued) throws AcmeFailure, InterruptedException {
        return connected(session -> {
            if (!hasRenewalInfo(session, issued)) {
                return Optional.empty();
            }
            // Nothing of it is signed, so that the account need not be known.
            Login login = session.login(issuer.directory().toURL(), state.accountKey(issuer.account().key()));
            RenewalInfo info = login.bindRenewalInfo(issued.chain().getFirst());
            Instant askAgain = info.fetch().orElseGet(() -> Instant.now().plus(SOON));
            return Optional.of(new RenewalAdvice(info.getSuggestedWindowStart(), info.getSuggestedWindowEnd(), askAgain));
        });
    }
}

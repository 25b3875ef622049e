package io.selvage.server.acme;

import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// All certificates that come from ACME servers, through all configurations of a process. Thread-safe.
///
/// A configuration that is built asks for its slots with [#slot], and gets what is stored at once. When it becomes current,
/// [#use] starts a thread for each issuer, and ends those that are not used any more. So a configuration that is not applied
/// changes nothing.
public final class AcmeCertificates implements AutoCloseable {
    private final AcmeLog log;
    private final Challenges challenges = new Challenges();
    private final Map<Place, CertificateSlot> slots = new ConcurrentHashMap<>();
    /// One for each server and folder, so that an account in memory outlives a change of the issuer.
    private final Map<List<Object>, IssuerState> states = new ConcurrentHashMap<>();
    private final Map<IssuerSpec, Running> running = new HashMap<>();   // guarded by this

    public AcmeCertificates(AcmeLog log) {
        this.log = log;
    }

    /// Where a certificate is kept. Other settings of an issuer change, and its certificates remain.
    private record Place(String directory, Optional<Path> state, CertificateSpec spec) {
        static Place of(IssuerSpec issuer, CertificateSpec spec) {
            return new Place(issuer.directory().toString(), issuer.state(), spec);
        }
    }

    private record Running(IssuerState state, IssuerThread thread) {
    }

    /// What ACME servers ask us to show.
    public Challenges challenges() {
        return challenges;
    }

    /// The slot of a certificate; it has what was issued before, in this process or another.
    ///
    /// @throws IOException if the state folder cannot be created
    public CertificateSlot slot(IssuerSpec issuer, CertificateSpec spec) throws IOException {
        Place place = Place.of(issuer, spec);
        CertificateSlot known = slots.get(place);
        if (known != null) {
            return known;
        }
        IssuerState state = state(issuer);
        state.create();
        CertificateSlot made = new CertificateSlot(spec);
        try {
            state.certificate(spec).ifPresent(made::replace);
        } catch (IOException e) {
            log.log(Severity.ERROR, "acme issuer \"" + issuer.name() + "\" cannot use the stored certificate for " + spec
                    + ", and orders another: " + e.getMessage());
        }
        CertificateSlot earlier = slots.putIfAbsent(place, made);
        return earlier == null ? made : earlier;
    }

    /// When each certificate ends that was issued, by its names.
    public Map<String, Instant> ends() {
        Map<String, Instant> ends = new HashMap<>();
        slots.values().forEach(slot -> slot.current().ifPresent(issued -> ends.put(slot.spec().toString(), issued.notAfter())));
        return ends;
    }

    /// Gives the state folders to a user, with everything in them, before the process becomes that user.
    ///
    /// @throws IOException if an owner cannot be changed
    public void giveTo(UserPrincipal owner) throws IOException {
        for (IssuerState state : states.values()) {
            if (state.path().isPresent()) {
                giveTo(owner, state.path().get());
            }
        }
    }

    private static void giveTo(UserPrincipal owner, Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                if (!Files.getOwner(each, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    Files.getFileAttributeView(each, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS).setOwner(owner);
                }
            }
        }
    }

    /// Makes these certificates, and no others, be ordered and renewed from now on.
    public synchronized void use(Map<IssuerSpec, List<CertificateSpec>> wanted) {
        for (IssuerSpec issuer : List.copyOf(running.keySet())) {
            if (!wanted.containsKey(issuer)) {
                stop(running.remove(issuer));
            }
        }
        Set<Place> used = ConcurrentHashMap.newKeySet();
        wanted.forEach((issuer, specs) -> {
            List<CertificateSlot> here = new ArrayList<>();
            for (CertificateSpec spec : specs) {
                Place place = Place.of(issuer, spec);
                used.add(place);
                here.add(slots.computeIfAbsent(place, _ -> new CertificateSlot(spec)));
            }
            running.computeIfAbsent(issuer, this::start).thread.want(here);
        });
        slots.keySet().retainAll(used);
    }

    private IssuerState state(IssuerSpec issuer) {
        return states.computeIfAbsent(List.of(issuer.directory(), issuer.state()),
                _ -> new IssuerState(issuer.directory(), issuer.state()));
    }

    private Running start(IssuerSpec issuer) {
        IssuerState state = state(issuer);
        Acme4jAuthority authority = new Acme4jAuthority(issuer, state, challenges);
        IssuerWork work = new IssuerWork(issuer, state, authority, InstantSource.system(), new SplittableRandom(), log);
        IssuerThread thread = new IssuerThread(issuer.name(), work, InstantSource.system(), log);
        challenges.add(state);
        thread.start();
        return new Running(state, thread);
    }

    private void stop(Running ended) {
        ended.thread.close();
        challenges.remove(ended.state);
    }

    /// Ends all threads. Certificates remain readable.
    @Override
    public synchronized void close() {
        running.values().forEach(this::stop);
        running.clear();
    }
}

package io.selvage.server.admin;

import io.selvage.loadbalancer.PeerOverride;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.net.AddressText;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.Server;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Changes of operators to the peers of upstreams. Each names, if the client likes, the revision that it was made for; then a
/// change that another client has made since is not undone. Any thread.
///
/// @param server that is changed
record PeerChanges(Server server) {
    private static final int MOST_WEIGHT = 65_535;
    private static final int MOST_PEERS = 1_000;
    private static final int LONGEST_PATH = 107;
    private static final int MOST_SECONDS = 86_400;
    private static final List<String> STATES = List.of("up", "down", "drain");

    /// Changes the state and the weight of a peer.
    ///
    /// @return the peer after the change
    /// @throws ApiProblem if the change cannot be made; nothing has changed then
    UpstreamSnapshot patch(String upstream, String peer, JsonBody body) {
        Optional<String> state = body.choice("state", STATES);
        var weight = body.integer("weight", 1, MOST_WEIGHT);
        Optional<String> revision = body.text("revision");
        boolean changesState = body.has("state");
        boolean changesWeight = body.has("weight");
        body.check();
        GroupSnapshot changed = change(upstream, revision, now -> {
            UpstreamPeers.find(now, peer);
            PeerOverride before = now.overrides().peers().getOrDefault(peer, PeerOverride.NONE);
            PeerOverride after = changesState ? before.withState(state.map(PeerChanges::state)) : before;
            return now.overrides().withPeer(peer, changesWeight ? after.withWeight(weight) : after);
        });
        return UpstreamPeers.find(changed, peer);
    }

    private static PeerOverride.State state(String word) {
        return PeerOverride.State.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// Adds a peer.
    ///
    /// @return the new peer
    /// @throws ApiProblem if it cannot be added
    UpstreamSnapshot add(String upstream, JsonBody body) {
        PeerSpec spec = spec(body);
        Optional<String> revision = body.text("revision");
        body.check();
        GroupSnapshot changed = change(upstream, revision, now -> {
            if (now.peers().stream().anyMatch(peer -> peer.address().equals(spec.address()))) {
                throw new ApiProblem(409, "Conflict", "upstream \"" + upstream + "\" has a peer \"" + spec.address()
                        + "\" already");
            }
            if (now.peers().size() >= MOST_PEERS) {
                throw new ApiProblem(409, "Conflict", "upstream \"" + upstream + "\" has " + MOST_PEERS + " peers");
            }
            return now.overrides().withAdded(spec);
        });
        return UpstreamPeers.find(changed, spec.address());
    }

    private static PeerSpec spec(JsonBody body) {
        Optional<String> address = body.text("address").flatMap(PeerChanges::address);
        if (address.isEmpty()) {
            body.refuse("address", "must be an IP address with a port, or unix: with an absolute path");
        }
        PeerSpec spec = PeerSpec.of(address.orElse("-"))
                .withWeight(body.integer("weight", 1, MOST_WEIGHT).orElse(1))
                .withMaxConns(body.integer("max_conns", 0, Integer.MAX_VALUE).orElse(0))
                .withMaxFails(body.integer("max_fails", 0, Integer.MAX_VALUE).orElse(1))
                .withBackup(body.flag("backup"));
        String state = body.choice("state", STATES).orElse("up");
        return spec.withFailTimeout(Duration.ofSeconds(body.integer("fail_timeout_seconds", 0, MOST_SECONDS).orElse(10)))
                .withDown(state.equals("down")).withDrain(state.equals("drain"));
    }

    /// The address in its usual form.
    private static Optional<String> address(String text) {
        if (text.startsWith("unix:/")) {
            return text.length() - 5 <= LONGEST_PATH && text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        }
        return AddressText.parseWithPort(text).filter(address -> address.getPort() > 0).map(AddressText::withPort);
    }

    /// Takes a peer out.
    ///
    /// @throws ApiProblem if there is no such peer, or no other
    void remove(String upstream, String peer, Optional<String> revision) {
        change(upstream, revision, now -> {
            UpstreamPeers.find(now, peer);
            if (now.peers().stream().allMatch(each -> each.address().equals(peer))) {
                throw new ApiProblem(409, "Conflict", "\"" + peer + "\" is the only peer of upstream \"" + upstream
                        + "\"; its state can be \"down\" instead");
            }
            return now.overrides().withRemoved(peer);
        });
    }

    /// Takes all changes of an upstream back.
    ///
    /// @throws ApiProblem if there is no such upstream
    void clear(String upstream, Optional<String> revision) {
        change(upstream, revision, now -> now.overrides().cleared());
    }

    private GroupSnapshot change(String upstream, Optional<String> revision, Server.UpstreamChange change) {
        if (server.life().draining()) {
            throw new ApiProblem(503, "Not Ready", "the server is stopping");
        }
        try {
            return server.change(upstream, now -> {
                if (revision.isPresent() && !revision.get().equals(now.revision())) {
                    throw new ApiProblem(409, "Conflict", "upstream \"" + upstream + "\" has changed: its revision is "
                            + now.revision() + ", not " + revision.get());
                }
                return change.of(now);
            }).orElseThrow(() -> ApiProblem.notFound("there is no upstream \"" + upstream + "\""));
        } catch (IllegalArgumentException e) {
            throw new ApiProblem(422, "Unprocessable Content", String.valueOf(e.getMessage()));
        }
    }
}

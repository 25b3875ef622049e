package io.selvage.loadbalancer;

import java.util.Locale;

/// What a request would find of a peer.
///
/// @param state of the peer now
/// @param order when it would get the request if all peers before it failed, from 1; 0 for never
/// @param score what the policy compares; empty if that is nothing of one peer
public record PeerForecast(UpstreamSnapshot state, int order, String score) {
    /// All of it, for people.
    public String words() {
        String turn = order == 1 ? "gets the request" : order > 1 ? "is number " + order : "gets no request";
        return turn + " (" + condition() + (state.backup() ? "backup, " : "") + "weight " + state.weight() + ", "
                + state.inFlight() + " in flight, " + state.fails() + " fails" + (score.isEmpty() ? "" : ", " + score) + ")";
    }

    private String condition() {
        PeerHealth health = state.health();
        if (health.state() == PeerHealth.State.UP) {
            return "";
        }
        return health.state().toString().toLowerCase(Locale.ROOT) + (health.reason().isEmpty() ? "" : ": " + health.reason())
                + ", ";
    }
}

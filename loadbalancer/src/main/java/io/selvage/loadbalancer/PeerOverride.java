package io.selvage.loadbalancer;

import java.util.Optional;
import java.util.OptionalInt;

/// What an operator has changed of one peer.
///
/// @param state replaces `down` and `drain` of the configuration; empty to leave them
/// @param weight replaces the weight of the configuration, 1 or more; empty to leave it
public record PeerOverride(Optional<State> state, OptionalInt weight) {
    /// Nothing is changed.
    public static final PeerOverride NONE = new PeerOverride(Optional.empty(), OptionalInt.empty());

    /// Which requests a peer gets.
    public enum State {
        /// All requests.
        UP,
        /// None.
        DOWN,
        /// Only those that are bound to it.
        DRAIN
    }

    public PeerOverride {
        if (weight.isPresent() && weight.getAsInt() < 1) {
            throw new IllegalArgumentException("weight must be 1 or more, was " + weight.getAsInt());
        }
    }

    public PeerOverride withState(Optional<State> changed) {
        return new PeerOverride(changed, weight);
    }

    public PeerOverride withWeight(OptionalInt changed) {
        return new PeerOverride(state, changed);
    }

    PeerSpec apply(PeerSpec peer) {
        PeerSpec weighted = weight.isPresent() ? peer.withWeight(weight.getAsInt()) : peer;
        return state.isEmpty() ? weighted : weighted.withDown(state.get() == State.DOWN).withDrain(state.get() == State.DRAIN);
    }
}

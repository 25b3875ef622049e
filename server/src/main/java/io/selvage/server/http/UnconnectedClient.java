package io.selvage.server.http;

/// A client whose connection is not at hand: nothing is sent on it, and no watch sees its end.
public interface UnconnectedClient extends Client {

    @Override
    default long serial() {
        return 0;
    }

    @Override
    default int requests() {
        return 1;
    }

    @Override
    default long sent() {
        return 0;
    }

    /// Does nothing.
    @Override
    default void interim(ResponseHead head) {
    }

    /// Sees nothing.
    @Override
    default DisconnectWatch watch(Runnable gone) {
        return DisconnectWatch.NONE;
    }
}

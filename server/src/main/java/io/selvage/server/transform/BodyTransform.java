package io.selvage.server.transform;

import java.nio.ByteBuffer;

/// Changes the bytes of one body, piece by piece. Has the state of that body; used by one thread at a time. Does not wait.
interface BodyTransform {
    /// The result of a step.
    enum Step {
        /// Everything that can be decided without more input is done.
        NEEDS_INPUT,
        /// There is no room for the next byte of the result.
        NEEDS_ROOM
    }

    /// The most bytes of the input that a step may leave, because what they become depends on what follows.
    int lookahead();

    /// Takes bytes from `in` and puts their result into `out`.
    ///
    /// @param in backed by an array, if the length may change
    /// @param out backed by an array
    /// @param last true if no bytes follow those in `in`; then a step that does not need room leaves none
    Step step(ByteBuffer in, ByteBuffer out, boolean last);

    /// True if the result has as many bytes as the input.
    default boolean keepsLength() {
        return false;
    }
}

package io.selvage.server.http;

import java.util.Optional;

/// Which symbolic links on the way to a file are followed (`disable_symlinks`).
///
/// @param from the beginning of file names that is not checked; empty to check all of the name
public record Symlinks(Mode mode, Optional<Text> from) {
    /// All are followed.
    public static final Symlinks FOLLOWED = new Symlinks(Mode.OFF, Optional.empty());

    /// Which links are not followed.
    public enum Mode {
        /// None.
        OFF,
        /// All of them.
        ON,
        /// Those with another owner than the file that they lead to.
        IF_NOT_OWNER
    }
}

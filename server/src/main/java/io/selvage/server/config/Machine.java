package io.selvage.server.config;

import java.nio.file.Path;
import java.util.Optional;

/// What a configuration needs of the machine that it is for. The reader of a file looks it up, so that a check finds what would
/// prevent the start.
public interface Machine {
    /// A machine that has everything, for a configuration that is only read.
    Machine ANY = new Machine() {
        @Override
        public boolean isRoot() {
            return true;
        }

        @Override
        public boolean hasUser(String name) {
            return true;
        }

        @Override
        public boolean hasGroup(String name) {
            return true;
        }

        @Override
        public Optional<String> whyNotWritable(Path file) {
            return Optional.empty();
        }

        @Override
        public Optional<String> whyNotListening(Address address) {
            return Optional.empty();
        }

        @Override
        public boolean hasHost(String name) {
            return true;
        }
    };

    /// Whether the process may change its user.
    boolean isRoot();

    boolean hasUser(String name);

    boolean hasGroup(String name);

    /// Why a file cannot be opened for writing, or created; empty if it can.
    Optional<String> whyNotWritable(Path file);

    /// Why the server cannot listen on an address, whatever its port; empty if it can.
    Optional<String> whyNotListening(Address address);

    /// Whether a host of this name is found.
    boolean hasHost(String name);

    /// Whether the files that a configuration names can be read to find what is wrong with them.
    default boolean readsFiles() {
        return false;
    }
}

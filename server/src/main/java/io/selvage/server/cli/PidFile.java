package io.selvage.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The file in which a running server leaves its process id, so that `-s` finds it (`pid`).
///
/// A launcher that stays and passes signals on puts its own id into the property `selvage.pid`, and is found instead.
///
/// @param path its place
record PidFile(Path path) {

    /// @throws IOException with the reason in one line
    void write() throws IOException {
        try {
            Files.writeString(path, Long.getLong("selvage.pid", ProcessHandle.current().pid()) + "\n");
        } catch (IOException e) {
            throw new IOException("cannot write the process id to " + path + ": " + e.getClass().getSimpleName(), e);
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // In a folder that only root may change, the file stays behind, as nginx's would.
        }
    }

    /// The process that wrote it, where that is still there.
    Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(path).strip())).filter(ProcessHandle::isAlive);
        } catch (NumberFormatException e) {
            throw new IOException("there is no process id in it");
        }
    }
}

package io.selvage.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The file that contains the process id of a running server, for `-s` (`pid`).
///
/// A launcher that forwards signals puts its own id into the property `selvage.pid`; the file then contains that id.
///
/// @param path the path of the file; empty for none
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
            // In a folder that only root may change, the file remains, as with nginx.
        }
    }

    /// The process in the file, if it is running.
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

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

    /// The process in the file.
    ///
    /// @throws IOException if there is no such file, or its process is not running
    ProcessHandle running() throws IOException {
        if (path.toString().isEmpty()) {
            throw new IOException("the configuration has no \"pid\", so the server cannot be found");
        }
        return process().orElseThrow(() -> new IOException("no server with the process id in " + path + " is running"));
    }

    /// Sends a signal to the process in the file.
    ///
    /// @param name without `SIG`
    /// @throws IOException as [#running()], and if this process may not signal it
    void signal(String name) throws IOException {
        String id = Long.toString(running().pid());
        Process kill = new ProcessBuilder("kill", "-" + name, id).inheritIO().start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("process " + id + " could not be signalled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Optional<ProcessHandle> process() throws IOException {
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

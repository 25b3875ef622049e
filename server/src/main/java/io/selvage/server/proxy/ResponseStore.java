package io.selvage.server.proxy;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.HttpDate;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Text;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Stores complete responses of peers as files (`proxy_store`). A response is written to a temporary file while the client gets
/// it, and gets its name when all of it has come.
///
/// @param file its absolute name
/// @param access its permissions (`proxy_store_access`)
/// @param folder of the temporary files
public record ResponseStore(Text file, Set<PosixFilePermission> access, TempFolder folder) {
    public ResponseStore {
        access = Set.copyOf(access);
    }

    /// The body, which stores what is read of it. One that cannot be stored is passed on nevertheless; the log says why.
    BodySource storing(BodySource body, UpstreamRequest request, ResponseHead head) {
        String name = file.apply(request.exchange());
        try {
            return name.isEmpty() || name.indexOf('\0') >= 0 ? body
                    : new StoredBody(body, this, new Copy(ByteText.path(name), modified(head)), request::log);
        } catch (InvalidPathException e) {
            request.log("a response cannot be stored: " + e.getMessage());
            return body;
        }
    }

    private static Optional<Instant> modified(ResponseHead head) {
        String date = head.headers().first("Last-Modified").orElse("");
        OptionalLong seconds = HttpDate.parse(date, System.currentTimeMillis() / 1000);
        return seconds.isPresent() ? Optional.of(Instant.ofEpochSecond(seconds.getAsLong())) : Optional.empty();
    }

    /// The file that a response becomes.
    ///
    /// @param modified when the response was modified, if that is known
    record Copy(Path path, Optional<Instant> modified) {
    }

    /// Gives a complete file its name, time and permissions.
    ///
    /// @throws Failure where that is not possible
    void publish(TempFile file, Copy copy) throws Failure {
        try {
            BlockingExecutor.call(() -> {
                Path temporary = file.name();
                Files.setPosixFilePermissions(temporary, access);
                if (copy.modified.isPresent()) {
                    Files.setLastModifiedTime(temporary, FileTime.from(copy.modified.get()));
                }
                Path parent = copy.path.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                return Files.move(temporary, copy.path, StandardCopyOption.REPLACE_EXISTING);
            });
        } catch (IOException e) {
            throw Failure.here(Failure.What.REFUSED, "a response could not be stored as \"" + copy.path + "\": " + e);
        }
    }
}

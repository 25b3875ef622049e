package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The files of the dashboard, which are in the folder `dashboard` beside this class in the jar. A browser asks each time whether
/// its copy is current. Thread-safe.
final class DashboardFiles {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,64}\\.[a-z0-9]{1,8}");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "png", "image/png",
            "woff2", "font/woff2");

    private final Map<String, File> files = new ConcurrentHashMap<>();     // those that were asked for

    /// @param tag as `ETag` has it
    private record File(byte[] bytes, String type, String tag) {
    }

    /// Answers with the file of a path; `/` is `index.html`.
    ///
    /// @throws ApiProblem if there is none
    void serve(ServerRequest request, ServerResponse response) {
        String path = request.path().rawPath();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        File file = find(name).orElseThrow(() -> ApiProblem.notFound("there is nothing at " + path));
        response.header(HeaderNames.CONTENT_TYPE, file.type);
        response.header(HeaderNames.ETAG, file.tag);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        if (request.headers().first(HeaderNames.IF_NONE_MATCH).filter(file.tag::equals).isPresent()) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            Answers.send(request, response, file.bytes);
        }
    }

    /// Whether a path can be that of a file of the dashboard.
    static boolean isFile(String path) {
        return path.equals("/") || path.startsWith("/") && NAME.matcher(path.substring(1)).matches();
    }

    private Optional<File> find(String name) {
        String type = NAME.matcher(name).matches() ? TYPES.get(name.substring(name.indexOf('.') + 1)) : null;
        if (type == null) {
            return Optional.empty();
        }
        File known = files.get(name);
        Optional<File> found = known == null ? read(name, type) : Optional.of(known);
        found.ifPresent(file -> files.put(name, file));
        return found;
    }

    private static Optional<File> read(String name, String type) {
        try (InputStream in = DashboardFiles.class.getResourceAsStream("dashboard/" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            return Optional.of(new File(bytes, type, "\"" + Long.toHexString(sum.getValue()) + "-" + bytes.length + "\""));
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the jar", e);
        }
    }
}

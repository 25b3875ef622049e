package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileCacheSettings;
import io.selvage.cache.FileName;
import io.selvage.cache.OpenFiles;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.InWords;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A folder `www` next to a folder `private`, a cache with a manual clock, and a handler for the files.
final class Shop {
    static final MimeTypes TYPES = new MimeTypes(Map.of("html", "text/html", "css", "text/css"), "application/octet-stream");

    final Path www;
    final FileCache cache;
    private final AtomicLong nanos = new AtomicLong();
    private final String root;
    private Folder folder;

    Shop(Path place) throws IOException {
        this(place, FileCacheSettings.standard());
    }

    Shop(Path place, FileCacheSettings settings) throws IOException {
        this(place, settings, new OpenFiles(0));
    }

    Shop(Path place, FileCacheSettings settings, OpenFiles open) throws IOException {
        www = Files.createDirectories(place.resolve("www"));
        root = FileName.of(www).bytes();
        folder = new Folder(Text.literal(root), 0);
        cache = new FileCache(settings, nanos::get, InstantSource.system(), Runnable::run, open);
        Files.createDirectories(place.resolve("private"));
        Files.writeString(place.resolve("private/secret"), "secret");
    }

    /// An alias: `behind` replaces the prefix, below `www`.
    Shop alias(String prefix, String behind) {
        return in(new Folder(Text.literal(root + behind), prefix.length()));
    }

    Shop in(Folder other) {
        folder = other;
        return this;
    }

    Handler files(String... index) {
        return new FileHandler(cache, List.of(index).stream().map(Text::literal).toList(), TYPES, true, FolderAnswers.NONE,
                MissingFileLog.SILENT);
    }

    /// A file with an old modification time.
    Path write(String name, String text) throws IOException {
        Path file = Files.writeString(www.resolve(name), text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37Z")));
    }

    void secondPasses() {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    Exchange exchange(String method, String target) {
        Exchange exchange = FakeClient.asks(method + " " + target + " HTTP/1.1");
        exchange.routing().enterLocation(ClientOptions.DEFAULT, folder, ScriptPath.NONE);
        return exchange;
    }

    String ask(Handler handler, String method, String target) throws Failure {
        return InWords.of(handler.handle(exchange(method, target)));
    }

    String get(String target) throws Failure {
        return ask(files("index.html"), "GET", target);
    }

    /// The body of an answer, or the whole answer if it has none.
    String body(String target) throws Failure {
        String answer = get(target);
        return answer.startsWith("bare") ? answer.strip() : answer.substring(answer.indexOf("\n\n") + 2);
    }
}

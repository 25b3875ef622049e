package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileLookup;
import io.selvage.cache.FileMetadata;
import io.selvage.cache.SharedFile;
import io.selvage.server.compress.ContentCoding;
import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.InternalRedirect;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.http.UriBytes;
import io.selvage.server.net.ByteText;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Answers with the file that the path of an exchange means, as nginx does.
///
/// The answer contains the whole file; response filters handle conditions and ranges. A `Location` is
/// a path; the router makes it absolute.
///
/// @param index what to try in a directory, in order; an absolute one is taken without a look (`index`)
/// @param etag whether to send an `ETag` (`etag`)
/// @param folders what answers for folders, besides index files
/// @param log where files that cannot be sent are reported
public record FileHandler(FileCache cache, List<Text> index, MimeTypes types, boolean etag, FolderAnswers folders,
        MissingFileLog log) implements Handler {
    private static final int ATTEMPTS = 3;
    private static final int FIRST_BYTES = 4096;

    public FileHandler {
        index = List.copyOf(index);
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Method method = exchange.routing().method();
        boolean reads = method.equals(Method.GET) || method.equals(Method.HEAD);
        if (!reads && !method.equals(Method.POST)) {
            return notAllowed();
        }
        if (exchange.routing().path().endsWith("/")) {
            return directory(exchange);
        }
        // A file can be replaced between the look at it and the use of it: then it is looked for again.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileLookup found = FileResolver.find(cache, exchange, exchange.routing().path());
            Optional<Answer> answer = switch (found) {
                case FileLookup.Directory() -> Optional.of(withSlash(exchange));
                case FileLookup.Missing(), FileLookup.NotRegular(), FileLookup.Forbidden() ->
                    Optional.of(unusable(exchange, found));
                case FileLookup.Broken(IOException why) -> throw broken(exchange, why);
                case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _ when !reads -> Optional.of(notAllowed());
                case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _ -> content(exchange, found, "");
            };
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw replaced(exchange);
    }

    @Override
    public Answer explain(Exchange exchange, Explanation into) throws Failure {
        return observed(exchange, into).handle(exchange);
    }

    /// The same handler, whose look-ups become parts of a step.
    FileHandler observed(Exchange exchange, Explanation into) {
        Folder folder = exchange.routing().folder();
        Explanation step = into.add("content", "files", (folder.replaced() > 0 ? "alias " : "root ")
                + folder.place().apply(exchange)).with("handler", "files");
        return new FileHandler(observed(cache, step), index, types, etag, folders, log);
    }

    /// The same cache, whose look-ups become parts of a step.
    static FileCache observed(FileCache cache, Explanation step) {
        return cache.observed((name, found) -> step.add("file", name.bytes(), switch (found) {
            case FileLookup.Ready(var facts, _) -> "is there, " + facts.size() + " bytes, in memory";
            case FileLookup.Open(var facts, _, _) -> "is there, " + facts.size() + " bytes, kept open";
            case FileLookup.OnDisk(var facts, _) -> "is there, " + facts.size() + " bytes, to be opened";
            case FileLookup.Directory() -> "is a folder";
            case FileLookup.Missing() -> "is not there";
            case FileLookup.Forbidden() -> "may not be read";
            case FileLookup.NotRegular() -> "is a pipe, socket or device";
            case FileLookup.Broken(var why) -> "cannot be read: " + why;
        }).with("exists", !(found instanceof FileLookup.Missing)));
    }

    /// Answers GET and HEAD with the file beside the one of the path whose name ends like those of a content coding.
    ///
    /// @return empty if there is no such file
    Optional<Answer> precompressed(Exchange exchange, ContentCoding coding) throws Failure {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileLookup found = FileResolver.beside(cache, exchange, exchange.routing().path(), coding.suffix());
            switch (found) {
                case FileLookup.Directory _, FileLookup.Missing _, FileLookup.Forbidden _ -> {
                    return Optional.empty();
                }
                case FileLookup.NotRegular _ -> {
                    return Optional.of(unusable(exchange, found));
                }
                case FileLookup.Broken(IOException why) -> throw broken(exchange, why);
                case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _ -> {
                    Optional<Answer> answer = content(exchange, found, coding.token());
                    if (answer.isPresent()) {
                        return answer;
                    }
                }
            }
        }
        throw replaced(exchange);
    }

    /// True if [#precompressed] would answer with a file.
    boolean isPrecompressed(Exchange exchange, ContentCoding coding) {
        return switch (FileResolver.beside(cache, exchange, exchange.routing().path(), coding.suffix())) {
            case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _ -> true;
            case FileLookup.Directory _, FileLookup.Missing _, FileLookup.Forbidden _, FileLookup.NotRegular _,
                    FileLookup.Broken _ -> false;
        };
    }

    private static Failure replaced(Exchange exchange) {
        return Failure.here(Failure.What.REFUSED, "\"" + exchange.routing().path()
                + "\" is replaced faster than it can be opened");
    }

    /// Answers with a regular file.
    ///
    /// @param coding its content coding; empty for none
    /// @return empty if the file was replaced since it was found
    private Optional<Answer> content(Exchange exchange, FileLookup found, String coding) throws Failure {
        return switch (found) {
            case FileLookup.Ready(FileMetadata facts, var ready) ->
                Optional.of(reply(exchange, facts, coding, new Body.Bytes(ready, facts.variants())));
            case FileLookup.Open open -> shared(exchange, open, coding);
            case FileLookup.OnDisk disk -> opened(exchange, disk, coding);
            case FileLookup.Directory _, FileLookup.Missing _, FileLookup.Forbidden _, FileLookup.NotRegular _,
                    FileLookup.Broken _ -> throw new IllegalArgumentException("no file: " + found);
        };
    }

    /// What is answered for something that is not a file to be sent.
    private Answer unusable(Exchange exchange, FileLookup found) {
        switch (found) {
            case FileLookup.Forbidden() -> {
                log.forbidden(exchange, exchange.routing().path());
                return new StatusOnly(Status.FORBIDDEN);
            }
            case FileLookup.NotRegular() -> log.notRegular(exchange, exchange.routing().path());
            default -> log.missing(exchange, exchange.routing().path());
        }
        return new StatusOnly(Status.NOT_FOUND);
    }

    private Reply reply(Exchange exchange, FileMetadata facts, String coding, Body body) {
        if (facts.attachment().orElse(this) instanceof Described known
                && known.isFor(this, exchange.routing().path(), coding)) {
            return new Reply(known.head(), body);
        }
        Headers.Builder fields = Headers.builder();
        String type = types.of(exchange.routing().path());
        if (!type.isEmpty()) {
            fields.add("Content-Type", type);
        }
        fields.add("Last-Modified", facts.lastModified());
        if (etag) {
            fields.add("ETag", facts.etag());
        }
        fields.add("Accept-Ranges", "bytes");
        if (!coding.isEmpty()) {
            fields.add("Content-Encoding", coding);
        }
        ResponseHead head = new ResponseHead(Status.OK, fields.build().reusable());
        facts.attach(new Described(types, etag, exchange.routing().path(), coding, head));
        return new Reply(head, body);
    }

    /// A head that was made for a file before, and what it was made by.
    private record Described(MimeTypes types, boolean etag, String path, String coding, ResponseHead head) {
        boolean isFor(FileHandler handler, String asked, String wanted) {
            return types == handler.types && etag == handler.etag && path.equals(asked) && coding.equals(wanted);
        }
    }

    /// Nothing when the cache has closed the file since it was found: then it is out of date.
    private Optional<Answer> shared(Exchange exchange, FileLookup.Open open, String coding) {
        SharedFile file = open.file();
        if (!file.use()) {
            return Optional.empty();
        }
        Body part = new Body.FilePart(new SendableFile(file.channel()), 0, open.facts().size(), open.start(), file::done,
                open.facts().variants());
        return Optional.of(reply(exchange, open.facts(), coding, part));
    }

    /// Nothing when the file is no longer the one that was found.
    private Optional<Answer> opened(Exchange exchange, FileLookup.OnDisk disk, String coding) throws Failure {
        try {
            Optional<FileChannel> file = BlockingExecutor.call(() -> warmed(disk.open()));
            if (file.isEmpty()) {
                cache.forget(disk.name());
                return Optional.empty();
            }
            FileChannel channel = file.get();
            Body part = new Body.FilePart(new SendableFile(channel), 0, disk.facts().size(), () -> close(channel));
            return Optional.of(reply(exchange, disk.facts(), coding, part));
        } catch (AccessDeniedException e) {
            return Optional.of(unusable(exchange, new FileLookup.Forbidden()));
        } catch (IOException e) {
            throw broken(exchange, e);
        }
    }

    /// Makes the kernel begin to read the file, on a thread that may wait for it.
    private static Optional<FileChannel> warmed(Optional<FileChannel> file) throws IOException {
        if (file.isPresent()) {
            file.get().read(ByteBuffer.allocate(FIRST_BYTES), 0);
        }
        return file;
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read; nothing can be lost.
        }
    }

    /// The first index that is there, as a new path: its location may be another.
    private Answer directory(Exchange exchange) throws Failure {
        String path = exchange.routing().path();
        if (folders.random()) {
            Optional<Answer> any = anyFile(exchange, path);
            if (any.isPresent()) {
                return any.get();
            }
        }
        for (Text each : index) {
            String name = each.apply(exchange);
            if (name.startsWith("/")) {
                return new InternalRedirect(name, exchange.routing().query());
            }
            switch (FileResolver.beside(cache, exchange, path, name)) {
                case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _, FileLookup.NotRegular _,
                        FileLookup.Directory _ -> {
                    return new InternalRedirect(path + name, exchange.routing().query());
                }
                case FileLookup.Forbidden() -> {
                    log.indexForbidden(exchange, path + name);
                    return new StatusOnly(Status.FORBIDDEN);
                }
                case FileLookup.Broken(IOException why) -> throw broken(exchange, why);
                case FileLookup.Missing() -> { }
            }
        }
        return withoutIndex(exchange);
    }

    private Answer withoutIndex(Exchange exchange) throws Failure {
        String path = exchange.routing().path();
        FileLookup found = FileResolver.find(cache, exchange, path);
        if (found instanceof FileLookup.Missing) {
            log.indexMissing(exchange, index.isEmpty() ? path : path + index.getFirst().apply(exchange));
            return new StatusOnly(Status.NOT_FOUND);
        }
        if (found instanceof FileLookup.Directory && folders.listing().isPresent()
                && !exchange.routing().method().equals(Method.POST)) {
            return read(exchange, path, folder -> folders.listing().get().answer(exchange, folder, log));
        }
        log.listingForbidden(exchange, path);
        return new StatusOnly(Status.FORBIDDEN);
    }

    /// Any file of a folder, as a new path; empty if there is none.
    private Optional<Answer> anyFile(Exchange exchange, String path) throws Failure {
        if (!(FileResolver.find(cache, exchange, path) instanceof FileLookup.Directory)) {
            return Optional.empty();
        }
        Answer answer = read(exchange, path, folder -> {
            List<String> names = BlockingExecutor.call(() -> FolderReader.read(ByteText.path(folder))).stream()
                    .filter(file -> file.kind() == ListedFile.Kind.FILE).map(ListedFile::name).toList();
            return names.isEmpty() ? new StatusOnly(Status.NOT_FOUND)
                    : new InternalRedirect(path + names.get(ThreadLocalRandom.current().nextInt(names.size())),
                            exchange.routing().query());
        });
        return answer instanceof StatusOnly none && none.status().equals(Status.NOT_FOUND) ? Optional.empty()
                : Optional.of(answer);
    }

    /// Makes an answer from the content of a folder.
    private interface FromFolder {
        Answer answer(String folder) throws IOException;
    }

    private Answer read(Exchange exchange, String path, FromFolder reader) throws Failure {
        try {
            return reader.answer(exchange.routing().folder().file(exchange, path));
        } catch (AccessDeniedException e) {
            log.folderForbidden(exchange, path);
            return new StatusOnly(Status.FORBIDDEN);
        } catch (NoSuchFileException | NotDirectoryException e) {
            log.missing(exchange, path);
            return new StatusOnly(Status.NOT_FOUND);
        } catch (IOException e) {
            throw broken(exchange, e);
        }
    }

    /// To the same path with a slash behind it. One slash in front, for two would make the first step a host.
    private static Answer withSlash(Exchange exchange) {
        String path = "/" + exchange.routing().path().replaceFirst("^/+", "") + "/";
        String query = exchange.routing().query().isEmpty() ? "" : "?" + UriBytes.encodeUnsafe(exchange.routing().query());
        return new StatusOnly(Status.MOVED_PERMANENTLY, Headers.of("Location", UriBytes.encode(path) + query));
    }

    private static Answer notAllowed() {
        return new StatusOnly(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", "GET, HEAD"));
    }

    private static Failure broken(Exchange exchange, IOException why) {
        String detail = "cannot read \"" + exchange.routing().path() + "\": " + why;
        return new Failure(Failure.Where.HERE, Failure.What.REFUSED, true, detail, why);
    }
}

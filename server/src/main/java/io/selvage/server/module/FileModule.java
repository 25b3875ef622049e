package io.selvage.server.module;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileCacheSettings;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.config.Word;
import io.selvage.server.files.AutoIndex;
import io.selvage.server.files.FileHandler;
import io.selvage.server.files.FolderAnswers;
import io.selvage.server.files.ListingFormat;
import io.selvage.server.files.MimeTypes;
import io.selvage.server.files.MissingFileLog;
import io.selvage.server.files.TryFiles;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Status;
import io.selvage.server.http.Symlinks;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.net.ByteText;
import io.selvage.server.route.Match;
import io.selvage.server.route.Return;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Where files are and how they are sent.
final class FileModule implements Module {
    /// A changed file is noticed within a second, even if `open_file_cache_valid` is longer.
    private static final Duration LONGEST_VALID = Duration.ofSeconds(1);
    /// For files of up to this size, a copy from memory costs less than `sendfile`. See server/decisions/0018.
    private static final int LONGEST_COPIED = 64 << 10;
    /// What an alias replaces in a location with a regular expression: all of the path.
    private static final int WHOLE_PATH = Integer.MAX_VALUE;
    /// The types of nginx without a `types` directive.
    private static final Map<String, String> USUAL_TYPES = Map.of("html", "text/html", "gif", "image/gif", "jpg", "image/jpeg");

    /// @param tries what is tried before anything else answers
    record FileSettings(
            @Setting(value = "root html", also = "if", doc = "Sets the folder to which the whole path is appended.",
                    or = @Setting.Or(value = "alias", in = "location",
                            doc = "Sets the folder that replaces the location's prefix in the path."))
                    Folder folder,
            @Setting(value = "index index.html", doc = "Names the index files of a folder, in order.") List<Text> index,
            MediaSettings media,
            @Setting(value = "try_files", in = "server location", inherited = false,
                    doc = "Uses the first of several paths that exists, or else the last.") Optional<Tries> tries,
            @Setting(value = "sendfile off", also = "if", doc = "Copies files to sockets in the kernel.",
                    differs = "files of up to 64k are sent from memory") boolean sendfile,
            @Setting(value = "log_not_found on", doc = "Logs missing files to the error log.") boolean logNotFound,
            @Setting(value = "etag on", doc = "Sends an `ETag` with files.") boolean etag,
            OpenFileSettings openFiles) {
        FileSettings {
            index = List.copyOf(index);
        }
    }

    /// What answers for folders, and which links lead to files.
    record FolderSettings(
            @Setting(value = "autoindex off", doc = "Shows the content of a folder that has no index file.",
                    differs = "at most 100000 files are shown") boolean listing,
            @Setting(value = "autoindex_format html", doc = "Sets the form in which the content of a folder is sent.",
                    differs = "`html` is a page that can be ordered") ListingFormat format,
            @Setting(value = "autoindex_exact_size on", doc = "Shows sizes in bytes; `off` in KiB, MiB and so on.")
                    boolean exactSize,
            @Setting(value = "autoindex_localtime off", doc = "Shows times in the zone of the machine; `off` in UTC.")
                    boolean localTime,
            @Setting(value = "random_index off", in = "location", doc = "Answers for a folder with any of its files.")
                    boolean random,
            @Setting(value = "disable_symlinks off", doc =
                    "Forbids symbolic links: all, or those of another owner; `from=` leaves out the beginning of names.",
                    differs = "links are looked for before a file is used, not while it is opened") Symlinks symlinks) {
        private FolderAnswers answers(MimeTypes types) {
            ZoneId zone = localTime ? ZoneId.systemDefault() : ZoneOffset.UTC;
            return new FolderAnswers(random,
                    listing ? Optional.of(new AutoIndex(format, exactSize, zone, types)) : Optional.empty());
        }
    }

    /// @param types no entry for files of the default type
    record MediaSettings(
            @Setting(value = "types", doc = "Maps extensions of file names to media types.",
                    differs = "a bare file has those of `mime.types`") MimeTypes types,
            @Setting(value = "default_type text/plain",
                    doc = "Sets the media type of files without another.") String defaultType) {
        MimeTypes mimeTypes() {
            return new MimeTypes(types.byExtension(), defaultType);
        }
    }

    record OpenFileSettings(
            @Setting(value = "open_file_cache off", doc = "Limits the cache of open files.",
                    differs = "without it, 64 MiB of files are cached for a second") OpenFileCache size,
            @Setting(value = "open_file_cache_valid 60s", doc = "Sets how long cached files are used without a check.",
                    differs = "never longer than a second") Duration valid,
            @Setting(value = "open_file_cache_min_uses 1", doc = "Sets how often a file is requested before it is cached.")
                    int minUses,
            @Setting(value = "open_file_cache_errors off", doc = "Caches that a file is missing.")
                    boolean errors) {
    }

    /// `try_files`
    ///
    /// @param fallback `=code`, `@name` or a path
    record Tries(List<TryFiles.Candidate> candidates, Template fallback) implements Printable {
        static Tries read(Line line) {
            List<TryFiles.Candidate> candidates = new ArrayList<>();
            for (Argument argument : line.arguments().subList(0, line.count() - 1)) {
                boolean folder = argument.text().endsWith("/");
                String path = argument.text();
                candidates.add(new TryFiles.Candidate(
                        argument.with(folder ? path.substring(0, path.length() - 1) : path).template(), folder));
            }
            Argument last = line.argument(line.count() - 1);
            if (last.text().startsWith("=")) {
                last.with(last.text().substring(1)).status(0, 999);
            }
            return new Tries(List.copyOf(candidates), last.template());
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(
                    candidates.stream().map(each -> each.path() + (each.directory() ? "/" : "")).toList());
            words.add(fallback.toString());
            return words;
        }

        Handler fallbackHandler() {
            if (fallback.start().startsWith("@")) {
                return _ -> new Answer.NamedLocation(fallback.toString());
            }
            if (!fallback.start().startsWith("=")) {
                return TryFiles.elsewhere(fallback);
            }
            int code = Integer.parseInt(fallback.toString().substring(1));
            return code == Return.HANG_UP ? _ -> new Answer.CloseSilently() : _ -> new Answer.StatusOnly(Status.of(code));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(FileSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(FolderSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Symlinks.class, Codec.line(1, 2, FileModule::symlinks, FileModule::words))
                .codec(Folder.class, Codec.lines(Shape.of(1, 1), FileModule::folder, (_, folder) -> write(folder)))
                .codec(MimeTypes.class, Codec.lines(Shape.of(0, 0).repeated().opening(Shape.Inside.ANYTHING), FileModule::types,
                        FileModule::write))
                .codec(OpenFileCache.class, Codec.line(1, 2, OpenFileCache::read))
                .codec(Tries.class, Codec.line(2, Integer.MAX_VALUE, Tries::read));
    }

    @Override
    public void assemble(LocationBuilder location) {
        FileSettings set = location.get(FileSettings.class);
        FileCache cache = cache(location);
        MissingFileLog log = new MissingFileLog(location.errorLog(), set.logNotFound);
        if (!location.hasContent()) {
            MimeTypes types = set.media.mimeTypes();
            location.content(CompressModule.withPrecompressed(location, new FileHandler(cache, set.index, types, set.etag,
                    location.get(FolderSettings.class).answers(types), log)));
        }
        set.tries.ifPresent(tries -> location.before(next ->
                new TryFiles(cache, tries.candidates, tries.fallbackHandler(), next, log)));
        // With try_files, the alias of a regular expression is followed by the whole path.
        boolean whole = set.tries.isPresent() && set.folder.replaced() == WHOLE_PATH;
        location.folder(new Folder(set.folder.place(), whole ? 0 : set.folder.replaced(),
                location.get(FolderSettings.class).symlinks));
    }

    /// The cache of files that a location uses.
    static FileCache cache(LocationBuilder location) {
        return location.state().files(cacheSettings(location.get(FileSettings.class)));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "document_root", exchange -> Optional.of(exchange.routing().folder().place().apply(exchange)),
                "realpath_root", FileModule::realRoot,
                "request_filename", exchange -> Optional.of(exchange.routing().folder().file(exchange))));
    }

    private static Optional<String> realRoot(Exchange exchange) {
        try {
            return Optional.of(ByteText.of(ByteText.path(exchange.routing().folder().place().apply(exchange)).toRealPath()));
        } catch (IOException | InvalidPathException notThere) {
            return Optional.empty();
        }
    }

    private static FileCacheSettings cacheSettings(FileSettings set) {
        FileCacheSettings settings = FileCacheSettings.standard();
        if (set.sendfile) {
            settings = settings.withMaxFileSize(LONGEST_COPIED);
        }
        OpenFileCache size = set.openFiles.size;
        if (size.max() > 0) {
            Duration valid = set.openFiles.valid.compareTo(LONGEST_VALID) < 0 ? set.openFiles.valid : LONGEST_VALID;
            settings = settings.withMaxEntries(size.max(), size.inactive())
                    .withValid(valid).withMinUses(set.openFiles.minUses).withErrors(set.openFiles.errors);
        }
        return settings;
    }

    private static Symlinks symlinks(Line line) {
        Symlinks.Mode mode = line.argument(0).choice(Symlinks.Mode.class);
        if (mode == Symlinks.Mode.OFF) {
            if (line.count() > 1) {
                line.argument(1).unknown();
            }
            return Symlinks.FOLLOWED;
        }
        Optional<Text> from = Optional.empty();
        if (line.count() > 1) {
            Argument second = line.argument(1);
            if (second.word().key().equals("from")) {
                from = Optional.of(second.option().template());
            } else {
                second.unknown();
            }
        }
        return new Symlinks(mode, from);
    }

    private static List<String> words(Symlinks symlinks) {
        List<String> words = new ArrayList<>(List.of(Argument.written(symlinks.mode())));
        symlinks.from().ifPresent(from -> words.add("from=" + from));
        return words;
    }

    private static Folder folder(List<Line> lines) {
        Line line = lines.getLast();
        if (lines.size() > 1) {
            line.problem("\"" + line.name() + "\" is duplicate, \"" + lines.getFirst().name() + "\" is at "
                    + lines.getFirst().directive().position());
        }
        Template place = AbsolutePlace.of(line.argument(0).pathTemplate());
        return line.name().equals("root") ? new Folder(withoutSlash(place), 0) : new Folder(place, replaced(line));
    }

    /// As in nginx: the path that follows begins with a slash.
    private static Template withoutSlash(Template root) {
        String end = root.end();
        boolean whole = root.isLiteral() && end.equals("/");
        return end.endsWith("/") && !whole ? root.withEnd(end.substring(0, end.length() - 1)) : root;
    }

    /// The length of the part of a path that an alias replaces.
    private static int replaced(Line line) {
        return switch (LocationMatch.of(line.scope()).orElse(new Match.Prefix(""))) {
            case Match.Exact(var path) -> path.length();
            case Match.Prefix(var prefix, _) -> prefix.length();
            case Match.Matching _ -> WHOLE_PATH;
            case Match.Named _ -> {
                line.problem("\"alias\" cannot be used in a named location");
                yield 0;
            }
        };
    }

    private static List<Directive> write(Folder folder) {
        return List.of(Directive.of(folder.replaced() == 0 ? "root" : "alias", List.of(folder.place().toString())));
    }

    private static MimeTypes types(List<Line> lines) {
        Map<String, String> types = new LinkedHashMap<>();
        for (Line line : lines) {
            for (Directive type : line.directive().block()) {
                if (type.arguments().isEmpty() || type.hasBlock()) {
                    line.scope().problem(type.position(), "\"" + type.name() + "\" needs file name extensions");
                }
                for (Word extension : type.arguments()) {
                    String before = types.put(extension.text().toLowerCase(Locale.ROOT), type.name().text());
                    if (before != null) {
                        line.scope().warning(extension.position(), "\"" + extension + "\" was \"" + before + "\" before");
                    }
                }
            }
        }
        return new MimeTypes(lines.isEmpty() ? USUAL_TYPES : types, "");
    }

    private static List<Directive> write(String name, MimeTypes types) {
        List<Directive> inside = new TreeMap<>(types.byExtension()).entrySet().stream()
                .map(type -> Directive.of(type.getValue(), List.of(type.getKey())))
                .toList();
        return List.of(Directive.block(name, List.of(), inside));
    }
}

package io.selvage.server.wiring;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileCacheSettings;
import io.selvage.server.config.Action;
import io.selvage.server.config.DocumentRoot;
import io.selvage.server.config.FilesConfig;
import io.selvage.server.config.Template;
import io.selvage.server.files.FileHandler;
import io.selvage.server.files.MimeTypes;
import io.selvage.server.files.MissingFileLog;
import io.selvage.server.files.TryFiles;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Conditions;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.route.ConditionFilter;
import io.selvage.server.route.Return;
import java.time.Duration;
import java.util.List;

/// The handlers of one location that answer with files.
///
/// @param scope what the location's handlers are made from
record FilesWiring(LocationScope scope) {
    /// A changed file is seen within a second, whatever `open_file_cache_valid` says.
    private static final Duration LONGEST_VALID = Duration.ofSeconds(1);
    /// Up to here a copy from memory costs less than `sendfile`. See server/README, "Deliberate choices", 18.
    private static final int LONGEST_COPIED = 64 << 10;

    Handler files() {
        FilesConfig config = scope.settings().files();
        MimeTypes types = new MimeTypes(config.types().byExtension(), config.defaultType());
        return new FileHandler(cache(), scope.templates().texts(config.index()), types, config.etag(), log());
    }

    ConditionFilter conditions() {
        FilesConfig config = scope.settings().files();
        Conditions.Since since = switch (config.ifModifiedSince()) {
            case OFF -> Conditions.Since.OFF;
            case EXACT -> Conditions.Since.EXACT;
            case BEFORE -> Conditions.Since.BEFORE;
        };
        return new ConditionFilter(since);
    }

    Handler tryFiles(Action.TryFiles action, Handler next) {
        List<TryFiles.Candidate> candidates = action.candidates().stream()
                .map(candidate -> new TryFiles.Candidate(scope.templates().text(candidate.path()), candidate.folder())).toList();
        Handler fallback = switch (action.fallback()) {
            case Action.Fallback.Code(int code) when code == Return.HANG_UP -> _ -> new Answer.CloseSilently();
            case Action.Fallback.Code(int code) -> _ -> new Answer.StatusOnly(Status.of(code));
            case Action.Fallback.Named(var name) -> _ -> new Answer.NamedLocation(name);
            case Action.Fallback.Path(var path) -> TryFiles.elsewhere(scope.templates().text(path));
        };
        return new TryFiles(cache(), candidates, fallback, next, log());
    }

    /// @param triesFiles whether `try_files` looks there: then the whole path stands behind the alias of a regular expression
    Folder folder(boolean triesFiles) {
        return switch (scope.settings().files().root()) {
            case DocumentRoot.Root(var folder) -> new Folder(place(folder), 0);
            case DocumentRoot.Alias(var path, var replaces) when replaces.isEmpty() ->
                new Folder(place(path), triesFiles ? 0 : Integer.MAX_VALUE);
            case DocumentRoot.Alias(var path, var replaces) -> new Folder(place(path), replaces.length());
        };
    }

    private Text place(Template written) {
        return scope.templates().text(AbsolutePlace.of(written));
    }

    private MissingFileLog log() {
        return new MissingFileLog(scope.errorLog(), scope.settings().logs().notFound());
    }

    private FileCache cache() {
        FilesConfig config = scope.settings().files();
        FileCacheSettings settings = FileCacheSettings.standard();
        if (config.sendfile()) {
            settings = settings.withMaxFileSize(LONGEST_COPIED);
        }
        if (config.openFileCache().max() > 0) {
            Duration valid = config.openFileCacheValid().compareTo(LONGEST_VALID) < 0 ? config.openFileCacheValid()
                    : LONGEST_VALID;
            settings = settings.withMaxEntries(config.openFileCache().max(), config.openFileCache().inactive())
                    .withValid(valid).withMinUses(config.openFileCacheMinUses()).withErrors(config.openFileCacheErrors());
        }
        return scope.lasting().files(settings);
    }
}

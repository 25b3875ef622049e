package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileLookup;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Text;
import java.util.List;

/// Continues with the first of several paths that exists in the folder of the location, else with a fallback (`try_files`).
///
/// A path that is there becomes the path of the exchange, and `next` answers in the same location. In a location of a
/// regular expression with an `alias`, nginx puts the whole path behind the alias from here on: there the folder is to be
/// given as a root.
///
/// @param candidates what to try, in order
/// @param fallback answers when none exists: a status, a named location, or [#elsewhere]
/// @param next answers otherwise
/// @param log where candidates that may not be used are reported
public record TryFiles(FileCache cache, List<Candidate> candidates, Handler fallback, Handler next, MissingFileLog log)
        implements Handler {

    /// A path to try.
    ///
    /// @param path without the slash at the end that means a directory
    /// @param directory whether it must be a directory; otherwise it must not
    public record Candidate(Text path, boolean directory) {
    }

    public TryFiles {
        candidates = List.copyOf(candidates);
    }

    /// A fallback that continues at a path, which may end in a question mark and a query. The query of the exchange is lost
    /// unless it is written there.
    public static Handler elsewhere(Text target) {
        return exchange -> {
            String to = withSlash(target.apply(exchange));
            int mark = to.indexOf('?');
            return mark < 0 ? new Answer.InternalRedirect(to, "")
                    : new Answer.InternalRedirect(to.substring(0, mark), to.substring(mark + 1));
        };
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        for (Candidate candidate : candidates) {
            String path = inside(exchange, candidate.path().apply(exchange));
            if (isThere(exchange, path, candidate.directory())) {
                exchange.routing().replacePath(path);
                return next.handle(exchange);
            }
        }
        return fallback.handle(exchange);
    }

    @Override
    public Answer explain(Exchange exchange, Explanation into) throws Failure {
        Explanation step = into.add("content", "try_files", "");
        return new TryFiles(FileHandler.observed(cache, step), candidates, of -> {
            step.says("nothing is there: the last argument counts");
            return fallback.handle(of);
        }, of -> {
            step.says("continues with " + of.routing().path());
            return next.explain(of, into);
        }, log).handle(exchange);
    }

    /// A candidate as a path of this location: behind the prefix that an alias replaces, or else behind a slash.
    private static String inside(Exchange exchange, String path) {
        Folder folder = exchange.routing().folder();
        String prefix = exchange.routing().path().substring(0, Math.min(folder.replaced(), exchange.routing().path().length()));
        if (prefix.isEmpty()) {
            return withSlash(path);
        }
        return path.startsWith(prefix) ? path : prefix + path;
    }

    private static String withSlash(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }

    private boolean isThere(Exchange exchange, String path, boolean directory) {
        return switch (FileResolver.find(cache, exchange, path)) {
            case FileLookup.Directory() -> directory;
            case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _, FileLookup.NotRegular _ -> !directory;
            case FileLookup.Forbidden() -> {
                log.candidateForbidden(exchange, path);
                yield false;
            }
            case FileLookup.Missing _, FileLookup.Broken _ -> false;
        };
    }
}

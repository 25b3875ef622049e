package io.selvage.server.files;

import io.selvage.server.http.Exchange;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// Reports files that could not be sent, in nginx's words.
///
/// @param errors the error log of the location
/// @param missing whether files that do not exist are reported too (`log_not_found`)
public record MissingFileLog(ErrorLog errors, boolean missing) {
    /// Reports nothing.
    public static final MissingFileLog SILENT = new MissingFileLog(ErrorLog.SILENT, false);

    void missing(Exchange exchange, String path) {
        if (missing) {
            report(Severity.ERROR, exchange, "open() " + file(exchange, path) + " failed (2: No such file or directory)");
        }
    }

    void forbidden(Exchange exchange, String path) {
        report(Severity.ERROR, exchange, "open() " + file(exchange, path) + " failed (13: Permission denied)");
    }

    void notRegular(Exchange exchange, String path) {
        report(Severity.CRIT, exchange, file(exchange, path) + " is not a regular file");
    }

    /// No index file exists because its directory does not.
    void indexMissing(Exchange exchange, String path) {
        if (missing) {
            report(Severity.ERROR, exchange, file(exchange, path) + " is not found (2: No such file or directory)");
        }
    }

    void indexForbidden(Exchange exchange, String path) {
        report(Severity.ERROR, exchange, file(exchange, path) + " is forbidden (13: Permission denied)");
    }

    /// A directory whose content is to be listed, and may not be read.
    void folderForbidden(Exchange exchange, String path) {
        report(Severity.ERROR, exchange, "opendir() " + file(exchange, path) + " failed (13: Permission denied)");
    }

    /// A directory with too many files to list.
    void listingCut(Exchange exchange, String path) {
        report(Severity.WARN, exchange, "only the first " + FolderReader.MOST + " files of " + file(exchange, path)
                + " are listed");
    }

    /// A directory without an index file, whose content is not listed.
    void listingForbidden(Exchange exchange, String path) {
        report(Severity.ERROR, exchange, "directory index of " + file(exchange, path) + " is forbidden");
    }

    /// A candidate of `try_files` that exists and may not be used.
    void candidateForbidden(Exchange exchange, String path) {
        report(Severity.CRIT, exchange, "stat() " + file(exchange, path) + " failed (13: Permission denied)");
    }

    private static String file(Exchange exchange, String path) {
        return '"' + exchange.routing().folder().file(exchange, path) + '"';
    }

    private void report(Severity severity, Exchange exchange, String message) {
        errors.log(severity, exchange, message);
    }
}

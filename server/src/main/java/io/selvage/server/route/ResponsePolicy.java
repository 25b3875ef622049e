package io.selvage.server.route;

import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import java.util.List;
import java.util.Optional;

/// What a location adds to the responses of its handler, and where its requests are logged.
///
/// @param errorPages in their order; the first for a status counts
/// @param recursivePages whether an error page may have an error page (`recursive_error_pages`)
/// @param redirects how our own redirects are written
/// @param product the name in `Server` and on built-in pages (`server_tokens`); empty to send no such field
/// @param logs where each exchange is logged
/// @param logsSubrequests whether subrequests are logged there, too (`log_subrequest`)
/// @param errors where failures are logged
public record ResponsePolicy(List<ErrorPage> errorPages, boolean recursivePages, Redirects redirects, Text product,
        List<ExchangeLog> logs, boolean logsSubrequests, ErrorLog errors) {
    public ResponsePolicy {
        errorPages = List.copyOf(errorPages);
        logs = List.copyOf(logs);
        product = oneLine(product);
    }

    private static Text oneLine(Text text) {
        return text instanceof Template fixed && fixed.isLiteral() ? Text.literal(AddedHeaders.oneLine(fixed.start()))
                : exchange -> AddedHeaders.oneLine(text.apply(exchange));
    }

    Optional<ErrorPage> errorPage(Status status) {
        for (ErrorPage page : errorPages) {
            if (page.codes().contains(status.code())) {
                return Optional.of(page);
            }
        }
        return Optional.empty();
    }
}

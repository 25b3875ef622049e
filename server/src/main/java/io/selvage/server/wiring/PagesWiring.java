package io.selvage.server.wiring;

import io.selvage.server.config.ErrorPageConfig;
import io.selvage.server.config.ExpiresConfig;
import io.selvage.server.config.HeadersConfig;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.route.AddedHeaders;
import io.selvage.server.route.ErrorPage;
import io.selvage.server.route.Expires;
import io.selvage.server.route.ResponseFilter;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/// What becomes of the answers of one location: pages in place of errors, fields that are added.
///
/// @param scope what the location's handlers are made from
record PagesWiring(LocationScope scope) {

    List<ErrorPage> pages() {
        return scope.settings().errors().pages().stream().map(page -> new ErrorPage(new HashSet<>(page.codes()), shown(page),
                scope.templates().text(page.page()))).toList();
    }

    private static ErrorPage.Shown shown(ErrorPageConfig page) {
        return switch (page.status()) {
            case ErrorPageConfig.NewStatus.Kept() -> new ErrorPage.Shown.Original();
            case ErrorPageConfig.NewStatus.OfPage() -> new ErrorPage.Shown.Own();
            case ErrorPageConfig.NewStatus.Fixed(int code) -> new ErrorPage.Shown.Fixed(Status.of(code));
        };
    }

    List<ResponseFilter> fields() {
        HeadersConfig headers = scope.settings().headers();
        List<ResponseFilter> filters = new ArrayList<>();
        if (!(headers.expires() instanceof ExpiresConfig.Off)) {
            filters.add(new Expires(expires(headers.expires()), scope.lasting().logs().time(), ZoneId.systemDefault()));
        }
        if (!headers.add().isEmpty()) {
            filters.add(new AddedHeaders(headers.add().stream().map(added -> new AddedHeaders.Field(added.name(),
                    scope.templates().text(added.value()), added.always())).toList()));
        }
        return filters;
    }

    private Function<Exchange, Expires.When> expires(ExpiresConfig configured) {
        return switch (configured) {
            case ExpiresConfig.Off() -> always(new Expires.When.Off());
            case ExpiresConfig.Epoch() -> always(new Expires.When.Epoch());
            case ExpiresConfig.Max() -> always(new Expires.When.Max());
            case ExpiresConfig.After(var time, boolean sinceModified) -> always(sinceModified
                    ? new Expires.When.FromChange(time.toSeconds()) : new Expires.When.FromNow(time.toSeconds()));
            case ExpiresConfig.At(var sinceMidnight) ->
                always(new Expires.When.At(LocalTime.ofSecondOfDay(sinceMidnight.toSeconds() % Duration.ofDays(1).toSeconds())));
            case ExpiresConfig.Said(var template, boolean sinceModified) -> {
                Text text = scope.templates().text(template);
                yield exchange -> ExpiresConfig.parse(text.apply(exchange), sinceModified)
                        .map(said -> expires(said).apply(exchange)).orElse(new Expires.When.Off());
            }
        };
    }

    private static Function<Exchange, Expires.When> always(Expires.When when) {
        return _ -> when;
    }
}

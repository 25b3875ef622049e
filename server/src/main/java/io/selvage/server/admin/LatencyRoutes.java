package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.selvage.server.metrics.Metrics;
import io.selvage.server.module.MetricsState;
import io.selvage.server.observe.LatencyKey;
import io.selvage.server.observe.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// The operations of the admin API that show what was counted of the requests. Thread-safe.
record LatencyRoutes(ServerControl control) {
    private static final Duration USUAL = Duration.ofMinutes(1);

    List<ApiRoute> all() {
        return List.of(
                new ApiRoute(Method.GET, "/api/latency", (request, _, response) -> latency(request, response)),
                new ApiRoute(Method.GET, "/metrics", (request, _, response) -> metrics(request, response)));
    }

    private MetricsState.Running running() {
        return control.running().metrics().orElseThrow(ApiProblem::starting);
    }

    private void metrics(ServerRequest request, ServerResponse response) {
        Metrics.Page page = running().metrics().page(request.headers().first(HeaderNames.ACCEPT).map(accept ->
                String.join(",", request.headers().all(HeaderNames.ACCEPT, () -> List.of(accept)))));
        response.header(HeaderNames.CONTENT_TYPE, page.contentType());
        response.header(HeaderNames.VARY, "Accept");
        Answers.send(request, response, page.text());
    }

    /// `?window=` in seconds, or `all`; `format=json`, `hlog` or `hgrm`, the last with `series=`.
    private void latency(ServerRequest request, ServerResponse response) {
        Traffic traffic = running().traffic();
        String window = request.query().first("window").orElse(Long.toString(USUAL.toSeconds()));
        String format = request.query().first("format").orElse("json");
        Map<LatencyKey, Histogram> series = window.equals("all") ? traffic.lifetime() : traffic.latencies(window(window));
        switch (format) {
            case "json" -> Answers.json(request, response, LatencyDocument.of(series, window));
            case "hlog" -> text(request, response, LatencyDocument.log(series, Instant.now()), "latency.hlog");
            case "hgrm" -> text(request, response, LatencyDocument.distribution(series, request.query().first("series")
                    .orElseThrow(() -> ApiProblem.badRequest("the format \"hgrm\" needs a \"series\", as \"hlog\" names them"))),
                    "latency.hgrm");
            default -> throw ApiProblem.badRequest("\"format\" must be json, hlog or hgrm, got \"" + format + "\"");
        }
    }

    private static Duration window(String seconds) {
        boolean valid = seconds.matches("[1-9]\\d{0,2}") && Integer.parseInt(seconds) <= Traffic.WINDOW.toSeconds();
        if (!valid) {
            throw ApiProblem.badRequest("\"window\" must be a number of seconds from 1 to " + Traffic.WINDOW.toSeconds()
                    + ", or \"all\", got \"" + seconds + "\"");
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /// @param name for browsers, which save it
    private static void text(ServerRequest request, ServerResponse response, String text, String name) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
        Answers.send(request, response, text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Shows what a running server does, once a second, until it is interrupted.
@Command(name = "top", description = "Show requests per second and latencies of each location and peer, live.")
final class TopCommand extends AdminCommand {
    private static final int WINDOW_SECONDS = 10;
    private static final String HOME_AND_CLEAR = "\033[H\033[J";

    @Option(names = "-n", paramLabel = "N", description = "end after N pictures")
    private Optional<Integer> count = Optional.empty();

    @Option(names = "--interval", paramLabel = "SECONDS", description = "the time between two pictures (${DEFAULT-VALUE})")
    private double interval = 1;

    @Option(names = "--lines", paramLabel = "N", description =
            "how many locations and how many peers are shown (${DEFAULT-VALUE})")
    private int lines = 15;

    @Override
    int ask(AdminClient client, PrintWriter out) throws IOException, AdminClient.Refused {
        if (!(interval >= 0.1 && interval <= 3600) || lines < 1 || count.filter(n -> n < 1).isPresent()) {
            throw new ParameterException(spec().commandLine(),
                    "--interval takes 0.1 to 3600 seconds, --lines and -n take 1 or more");
        }
        boolean clears = System.console() != null && System.console().isTerminal();
        JsonObject before = client.get("/api/status");
        for (int i = 0; count.isEmpty() || i < count.get(); i++) {
            if (!pause()) {
                return ExitCode.FINE;
            }
            JsonObject now = client.get("/api/status");
            out.print((clears ? HOME_AND_CLEAR : "") + picture(client, before, now));
            out.flush();
            before = now;
        }
        return ExitCode.FINE;
    }

    private boolean pause() {
        try {
            Thread.sleep((long) (interval * 1000));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String picture(AdminClient client, JsonObject before, JsonObject now) throws IOException, AdminClient.Refused {
        StringBuilder picture = new StringBuilder(head(before, now));
        List<JsonObject> series = client.get("/api/latency?window=" + WINDOW_SECONDS).getJsonArray("series")
                .getValuesAs(JsonObject.class).stream().filter(each -> each.getString("phase").equals("whole"))
                .sorted(Comparator.comparingInt((JsonObject each) -> each.getInt("count")).reversed()).toList();
        picture.append(table("location", series));
        picture.append(table("peer", series));
        return picture.append(peers(client.get("/api/upstreams").getJsonArray("upstreams"))).append('\n').toString();
    }

    private static String head(JsonObject before, JsonObject now) {
        JsonObject connections = now.getJsonObject("connections");
        double seconds = Math.max(0.001, now.getJsonNumber("uptime_seconds").doubleValue()
                - before.getJsonNumber("uptime_seconds").doubleValue());
        long requests = connections.getJsonNumber("requests").longValue()
                - before.getJsonObject("connections").getJsonNumber("requests").longValue();
        return String.format(Locale.ROOT,
                "selvage %s, process %s, %s for %s: %.0f requests/s, %d of %d connections, %d MB heap%n",
                now.getString("version"), now.getJsonNumber("pid"), now.getString("state"),
                StatusCommand.duration(now.getJsonNumber("uptime_seconds").longValue()), Math.max(0, requests) / seconds,
                connections.getInt("active"), connections.getInt("limit"),
                now.getJsonObject("jvm").getJsonNumber("heap_used_bytes").longValue() >> 20);
    }

    /// The series of one kind with the most requests of the last seconds.
    private String table(String subject, List<JsonObject> series) {
        StringBuilder table = new StringBuilder(String.format("%n%-40s %10s %10s %10s %10s%n", subject + ", last "
                + WINDOW_SECONDS
                + " s", "requests/s", "p50 ms", "p99 ms", "max ms"));
        series.stream().filter(each -> each.getString("subject").equals(subject)).limit(lines).forEach(each ->
                table.append(String.format(Locale.ROOT, "%-40s %10.1f %10.2f %10.2f %10.2f%n", shortened(each.getString("name")),
                        (double) each.getInt("count") / WINDOW_SECONDS, millis(each, "p50_seconds"), millis(each, "p99_seconds"),
                        millis(each, "max_seconds"))));
        return table.toString();
    }

    private static double millis(JsonObject series, String name) {
        return series.getJsonNumber(name).doubleValue() * 1000;
    }

    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 39) + "…";
    }

    /// The peers that are not simply up.
    private static String peers(JsonArray upstreams) {
        StringBuilder lines = new StringBuilder();
        for (JsonObject upstream : upstreams.getValuesAs(JsonObject.class)) {
            upstream.getJsonArray("peers").getValuesAs(JsonObject.class).stream()
                    .filter(peer -> !peer.getString("state").equals("up")).forEach(peer -> lines.append(String.format(
                            "%n%s %s is %s%s", upstream.getString("name"), peer.getString("address"), peer.getString("state"),
                            peer.getString("reason").isEmpty() ? "" : ": " + peer.getString("reason"))));
        }
        return lines.isEmpty() ? "" : lines.append('\n').toString();
    }
}

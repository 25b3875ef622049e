package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Prints the state of a running server.
@Command(name = "status", description = "Print the state of a running server.")
final class StatusCommand extends AdminCommand {
    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    int ask(AdminClient client, PrintWriter out) throws IOException, AdminClient.Refused {
        JsonObject status = client.get("/api/status");
        if (json) {
            out.println(status);
        } else {
            print(status, client.get("/api/upstreams").getJsonArray("upstreams"), out);
        }
        return ExitCode.FINE;
    }

    private static void print(JsonObject status, JsonArray upstreams, PrintWriter out) {
        JsonObject configuration = status.getJsonObject("configuration");
        JsonObject connections = status.getJsonObject("connections");
        JsonObject io = status.getJsonObject("io");
        out.printf("selvage %s, process %s, %s for %s%n", status.getString("version"), status.getJsonNumber("pid"),
                status.getString("state"), duration(status.getJsonNumber("uptime_seconds").longValue()));
        out.println("listening      " + status.getJsonArray("listening").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString).collect(Collectors.joining(", ")));
        out.printf("configuration  number %s, loaded %s%s%n", configuration.getInt("generation"),
                configuration.getString("loaded"),
                failure(configuration));
        out.printf("connections    %s of %s: %s reading, %s writing, %s waiting%n", connections.getInt("active"),
                connections.getInt("limit"), connections.getInt("reading"), connections.getInt("writing"),
                connections.getInt("waiting"));
        out.printf("requests       %s on %s connections since the start%n", connections.getJsonNumber("requests"),
                connections.getJsonNumber("accepted"));
        out.printf("io             %s%s%n", io.getString("mode"), carriers(io.getJsonArray("carriers")));
        out.printf("peers          %s of %s available%n", peers(upstreams, true), peers(upstreams, false));
    }

    private static String failure(JsonObject configuration) {
        JsonObject last = configuration.getJsonObject("last_reload");
        return last == null || last.getBoolean("successful") ? ""
                : "; the reload at " + last.getString("at") + " failed: "
                        + last.getString("problem").lines().findFirst().orElse("");
    }

    private static String carriers(JsonArray carriers) {
        long stuck = carriers.getValuesAs(JsonObject.class).stream().filter(each -> each.getBoolean("stuck")).count();
        return carriers.isEmpty() ? "" : ", " + carriers.size() + " event loops"
                + (stuck == 0 ? "" : ", " + stuck + " of them stuck");
    }

    private static long peers(JsonArray upstreams, boolean availableOnly) {
        return upstreams.getValuesAs(JsonObject.class).stream()
                .flatMap(upstream -> upstream.getJsonArray("peers").getValuesAs(JsonObject.class).stream())
                .filter(peer -> !availableOnly || peer.getBoolean("available")).count();
    }

    /// `3d 4h`, `5m 6s`, `7s`.
    static String duration(long seconds) {
        Duration all = Duration.ofSeconds(seconds);
        if (seconds >= 86_400) {
            return all.toDays() + "d " + all.toHoursPart() + "h";
        }
        if (seconds >= 3_600) {
            return all.toHours() + "h " + all.toMinutesPart() + "m";
        }
        return seconds >= 60 ? all.toMinutes() + "m " + all.toSecondsPart() + "s" : seconds + "s";
    }
}

package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// Prints the peers of a running server, or changes one.
@Command(name = "peers", description = {"Print the peers of a running server, or change one:",
    "drain: only requests that are bound to it; down: none; up: all; reset: what the configuration says."})
final class PeersCommand extends AdminCommand {
    private static final List<String> CHANGES = List.of("drain", "down", "up", "reset");

    @Parameters(arity = "0..2", paramLabel = "[drain|down|up|reset PEER]", description =
            "the change, and the address of the peer, "
            + "or UPSTREAM/ADDRESS if it belongs to several")
    private List<String> change = List.of();

    @Option(names = "--weight", paramLabel = "N", description = "the new weight of the peer")
    private Optional<Integer> weight = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    int ask(AdminClient client, PrintWriter out) throws IOException, AdminClient.Refused {
        JsonObject before = client.get("/api/upstreams");
        if (change.isEmpty() && weight.isEmpty()) {
            print(before, out);
            return ExitCode.FINE;
        }
        if (change.size() != 2 || !CHANGES.contains(change.getFirst())) {
            throw new ParameterException(spec().commandLine(), "a change is drain, down, up or reset, and the address of a peer");
        }
        for (PeerName peer : named(before, change.getLast())) {
            JsonObject after = client.patch(AdminClient.path("upstreams", peer.upstream, "peers", peer.address), document());
            out.println(json ? after.toString() : line(peer.upstream, after));
        }
        return ExitCode.FINE;
    }

    private record PeerName(String upstream, String address) {
    }

    private JsonObject document() {
        String word = change.getFirst();
        JsonObjectBuilder document = Json.createObjectBuilder();
        if (word.equals("reset")) {
            document.add("state", JsonValue.NULL).add("weight", JsonValue.NULL);
        } else {
            document.add("state", word);
        }
        weight.ifPresent(number -> document.add("weight", number));
        return document.build();
    }

    /// The peers with this address, or of this upstream with this address.
    private static List<PeerName> named(JsonObject upstreams, String name) throws IOException {
        List<PeerName> found = new ArrayList<>();
        for (JsonObject upstream : upstreams.getJsonArray("upstreams").getValuesAs(JsonObject.class)) {
            for (JsonObject peer : upstream.getJsonArray("peers").getValuesAs(JsonObject.class)) {
                PeerName each = new PeerName(upstream.getString("name"), peer.getString("address"));
                boolean known = found.contains(each);
                if (!known && (name.equals(each.address) || name.equals(each.upstream + "/" + each.address))) {
                    found.add(each);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException("there is no peer \"" + name + "\"; \"selvage peers\" lists them");
        }
        return found;
    }

    private void print(JsonObject document, PrintWriter out) {
        if (json) {
            out.println(document);
            return;
        }
        for (JsonObject upstream : document.getJsonArray("upstreams").getValuesAs(JsonObject.class)) {
            for (JsonObject peer : upstream.getJsonArray("peers").getValuesAs(JsonObject.class)) {
                out.println(line(upstream.getString("name"), peer));
            }
        }
    }

    private static String line(String upstream, JsonObject peer) {
        String reason = peer.getString("reason");
        return "%-20s %-24s %-11s weight %-3d %s in flight, %s requests, %s failures%s%s".formatted(upstream,
                peer.getString("address"), peer.getString("state"), peer.getInt("weight"), peer.getInt("in_flight"),
                peer.getJsonNumber("requests"), peer.getJsonNumber("failures"), peer.containsKey("override") ? ", changed" : "",
                reason.isEmpty() ? "" : " (" + reason + ")");
    }
}

package io.selvage.server.admin;

import io.selvage.server.config.Config;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.module.Contexts;
import io.selvage.server.net.ByteText;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The sites of a configuration, as `/api/sites` answers them: their addresses, names and locations as they are written.
final class SitesDocument {
    /// What answers in a location, if one of them is there.
    private static final List<String> CONTENT = List.of("return", "proxy_pass", "fastcgi_pass", "grpc_pass", "scgi_pass",
            "uwsgi_pass", "stub_status", "empty_gif", "try_files", "alias", "root");

    private SitesDocument() {
    }

    static JsonObject of(Config config) {
        JsonArrayBuilder sites = JSON.createArrayBuilder();
        config.block(Contexts.HTTP).inside(Contexts.SERVER).forEach(site -> sites.add(site(site)));
        return JSON.createObjectBuilder().add("sites", sites).build();
    }

    private static JsonObjectBuilder site(Section site) {
        List<String> listens = site.scope().here("listen").stream().map(SitesDocument::words).toList();
        List<String> names = site.scope().here("server_name").stream().flatMap(line -> IntStream.range(0, line.count())
                .mapToObj(index -> ByteText.decode(line.argument(index).text()))).toList();
        return JSON.createObjectBuilder()
                .add("listens", JSON.createArrayBuilder(listens.isEmpty() ? List.of("80") : listens))
                .add("names", JSON.createArrayBuilder(names))
                .add("position", site.line().directive().name().position().toString())
                .add("locations", locations(site));
    }

    private static JsonArrayBuilder locations(Section outer) {
        JsonArrayBuilder locations = JSON.createArrayBuilder();
        outer.inside(Contexts.LOCATION).forEach(location -> locations.add(location(location)));
        return locations;
    }

    private static JsonObjectBuilder location(Section location) {
        JsonObjectBuilder document = JSON.createObjectBuilder().add("match", words(location.line()));
        CONTENT.stream().flatMap(name -> location.scope().here(name).stream()).findFirst()
                .ifPresent(line -> document.add("content", (ByteText.decode(line.directive().name().text()) + " " + words(line))
                        .strip()));
        return document.add("locations", locations(location));
    }

    private static String words(Line line) {
        return ByteText.decode(line.arguments().stream().map(argument -> argument.text()).collect(Collectors.joining(" ")));
    }
}

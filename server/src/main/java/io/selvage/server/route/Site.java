package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A virtual host (`server {}`): its names, and its locations. How one exchange goes through it is a [RequestRouter].
public final class Site implements Handler {
    private final String name;
    private final List<SiteName> names;
    private final List<RequestFilter> first;
    private final Location root;
    private final LocationTree locations;
    private final Map<String, Location> named = new HashMap<>();

    /// @param name the first name as it is written, empty for none; `$server_name`
    /// @param names all its names
    /// @param first what is done before a location is looked for, and again after an internal redirect
    /// @param root for paths that no location is for, and for requests that could not be understood
    /// @param locations those of the outermost level, named ones included
    public Site(String name, List<SiteName> names, List<RequestFilter> first, Location root, List<Location> locations) {
        this.name = name;
        this.names = List.copyOf(names);
        this.first = List.copyOf(first);
        this.root = root;
        this.locations = new LocationTree(locations);
        for (Location location : locations) {
            if (location.match() instanceof Match.Named(var at)) {
                named.putIfAbsent(at, location);
            }
        }
    }

    @Override
    public Answer handle(Exchange exchange) {
        return begin(exchange).answer();
    }

    /// Answers a request that could not be understood.
    Answer refused(Exchange exchange, Refusal why) {
        return begin(exchange).refused(why);
    }

    private RequestRouter begin(Exchange exchange) {
        exchange.routing().siteName(name);
        RequestRouter visit = new RequestRouter(this, exchange);
        exchange.whenDone(_ -> visit.log());
        return visit;
    }

    List<SiteName> names() {
        return names;
    }

    List<RequestFilter> first() {
        return first;
    }

    Location root() {
        return root;
    }

    LocationTree locations() {
        return locations;
    }

    Optional<Location> named(String at) {
        return Optional.ofNullable(named.get(at));
    }
}

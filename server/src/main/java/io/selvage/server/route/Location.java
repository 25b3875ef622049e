package io.selvage.server.route;

import io.selvage.server.http.Handler;
import java.util.List;

/// A rule inside a site: for which paths it is, who answers, and what becomes of the answer.
///
/// @param match the paths
/// @param internal whether only internal redirects may come here; others find nothing (`internal`)
/// @param slashed whether the prefix without its last slash is redirected to it, as for a prefix that is passed to a peer
/// @param handler answers
/// @param finish how its answers look, and where they are logged
/// @param inside locations within this one
public record Location(Match match, boolean internal, boolean slashed, Handler handler, ResponsePolicy finish,
        List<Location> inside) {
    public Location {
        inside = List.copyOf(inside);
    }

    public Location(Match match, Handler handler, ResponsePolicy finish) {
        this(match, false, false, handler, finish, List.of());
    }
}

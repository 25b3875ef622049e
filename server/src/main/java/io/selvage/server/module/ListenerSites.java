package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One address to bind and its sites.
///
/// @param listen the address with the options that any of the sites gave it
/// @param servers never empty; the first is the one that answers when no name fits
public record ListenerSites(Listen listen, List<Section> servers) {
    public ListenerSites {
        servers = List.copyOf(servers);
    }

    /// What to bind, in order of appearance.
    public static List<ListenerSites> of(Section http) {
        Map<Address, ListenerSites> all = new LinkedHashMap<>();
        for (Section server : http.inside(Contexts.SERVER)) {
            for (Listen listen : server.get(ServerModule.SiteSettings.class).listens()) {
                all.merge(listen.address(), new ListenerSites(listen, List.of(server)), ListenerSites::with);
            }
        }
        return List.copyOf(all.values());
    }

    private ListenerSites with(ListenerSites other) {
        List<Section> both = new ArrayList<>(servers);
        both.addAll(other.listen.defaultServer() ? 0 : both.size(), other.servers);
        return new ListenerSites(other.listen.hasOptions() ? other.listen : listen, both);
    }
}

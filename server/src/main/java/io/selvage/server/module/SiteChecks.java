package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Position;
import io.selvage.server.config.Section;
import io.selvage.server.module.ServerModule.SiteSettings;
import io.selvage.server.route.SiteName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reports two sites with the same default address, socket options or name, and addresses that cannot be used.
final class SiteChecks {
    private final Map<Address, Position> defaults = new HashMap<>();
    private final Map<Address, Position> options = new HashMap<>();
    private final Map<Address, Map<SiteName, Position>> names = new HashMap<>();

    void check(Section http) {
        for (Section server : http.inside(Contexts.SERVER)) {
            listens(server.scope().here("listen"));
            SiteSettings set = server.get(SiteSettings.class);
            List<Argument> written = server.scope().here("server_name").stream()
                    .flatMap(line -> line.arguments().stream()).toList();
            for (int i = 0; i < written.size(); i++) {
                for (Listen listen : set.listens()) {
                    claim(set.names().get(i), listen.address(), written.get(i));
                }
            }
        }
    }

    private void listens(List<Line> lines) {
        Set<Address> here = new HashSet<>();
        for (Line line : lines) {
            Listen.read(line).stream().limit(1).forEach(listen -> checkMachine(line.argument(0), listen.address()));
            for (Listen listen : Listen.read(line)) {
                Address address = listen.address();
                boolean isFixed = !(address instanceof Address.Inet(_, int port) && port == 0);
                if (!here.add(address) && isFixed) {
                    line.problem("a second \"listen\" on " + address);
                }
                if (listen.defaultServer() && isFixed) {
                    once(defaults, line, address, "a second default server");
                }
                if (listen.hasOptions() && isFixed) {
                    once(options, line, address, "a second time socket options");
                }
            }
        }
    }

    /// A malformed address is reported already.
    private static void checkMachine(Argument argument, Address address) {
        if (address instanceof Address.Unix || address.toString().matches("[\\w.:\\[\\]-]+")) {
            argument.machine().whyNotListening(address).ifPresent(why ->
                    argument.problem("\"listen\" cannot use \"" + argument.text() + "\": " + why));
        }
    }

    private static void once(Map<Address, Position> claims, Line line, Address address, String what) {
        Position before = claims.putIfAbsent(address, line.directive().position());
        if (before != null) {
            line.problem(what + " for " + address + ", the first is at " + before);
        }
    }

    private void claim(SiteName name, Address address, Argument argument) {
        Position here = argument.word().position();
        Position before = names.computeIfAbsent(address, _ -> new HashMap<>()).putIfAbsent(name, here);
        if (before != null && !before.equals(here)) {
            argument.warning("\"" + argument.text() + "\" on " + address + " is taken by " + before + " and means nothing here");
        }
    }
}

package io.selvage.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Reads `server` blocks, and sees that no two of them claim the same.
final class Servers {
    static final Settings<HeadConfig> HEAD = Settings.of(HeadConfig.class);

    private final Map<Address, Position> defaults = new HashMap<>();
    private final Map<Address, Position> options = new HashMap<>();
    private final Map<Address, Map<ServerName, Position>> names = new HashMap<>();

    /// Reads what is set for all servers, so that it is right even where every server sets it anew.
    void settings(Scope http) {
        HEAD.read(http);
        LocationReader.SETTINGS.read(http);
    }

    List<ServerConfig> read(Scope http) {
        return http.here("server").stream().map(line -> server(line.inside())).toList();
    }

    private ServerConfig server(Scope scope) {
        List<Listen> listens = listens(scope);
        List<ServerName> own = names(scope, listens);
        return new ServerConfig(listens, own, HEAD.read(scope), LocationReader.read(scope));
    }

    private List<Listen> listens(Scope scope) {
        var listens = new ArrayList<Listen>();
        var here = new HashSet<Address>();
        for (Line line : scope.here("listen")) {
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
                listens.add(listen);
            }
        }
        return listens.isEmpty() ? List.of(Listen.PORT_80) : listens;
    }

    private static void once(Map<Address, Position> claims, Line line, Address address, String what) {
        Position before = claims.putIfAbsent(address, line.directive().position());
        if (before != null) {
            line.problem(what + " for " + address + ", the first is at " + before);
        }
    }

    private List<ServerName> names(Scope scope, List<Listen> listens) {
        var own = new ArrayList<ServerName>();
        for (Line line : scope.here("server_name")) {
            for (Argument argument : line.arguments()) {
                ServerName name = ServerName.read(argument);
                own.add(name);
                listens.forEach(listen -> claim(name, listen.address(), argument));
            }
        }
        return own.isEmpty() ? List.of(new ServerName.Exact("")) : own;
    }

    private void claim(ServerName name, Address address, Argument argument) {
        var claimed = names.computeIfAbsent(address, _ -> new HashMap<>());
        Position before = claimed.putIfAbsent(name, argument.word().position());
        if (before != null && !before.equals(argument.word().position())) {
            argument.reading().problems().warning(argument.word().position(),
                    "\"" + argument.text() + "\" on " + address + " is taken by " + before + " and means nothing here");
        }
    }
}

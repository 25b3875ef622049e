package io.selvage.server.wiring;

import io.selvage.server.config.Address;
import io.selvage.server.config.ClientConfig;
import io.selvage.server.config.Config;
import io.selvage.server.config.HeadConfig;
import io.selvage.server.config.ListenerConfig;
import io.selvage.server.config.LocationSettings;
import io.selvage.server.config.ServerConfig;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.route.Site;
import io.selvage.server.route.Sites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a graph of handlers out of a configuration. Nothing runs, and nothing is decided: what a directive means is in
/// `config`, what
/// a handler does is where it stands.
public final class Wiring {
    /// Fields of a head, and of a trailer section; no directive sets it.
    private static final int MAX_HEADERS = ClientOptions.DEFAULT.head().maxFields();

    private Wiring() {
    }

    /// Whether the server has a variable of this name, for those who check a configuration.
    public static boolean knowsVariable(String name) {
        return ConfigScope.VARIABLES.known(name);
    }

    /// @throws IOException when an address does not resolve, or a log cannot be written
    static RuntimeConfig graph(Config config, ServerState lasting) throws IOException {
        try {
            return built(config, lasting);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static RuntimeConfig built(Config config, ServerState lasting) throws IOException {
        ConfigScope shared = new ConfigScope(config, lasting);
        Map<ServerConfig, Site> sites = new IdentityHashMap<>();
        for (ServerConfig server : config.http().servers()) {
            sites.put(server, new SiteWiring(shared, server).site());
        }
        Map<SocketAddress, ListenerRoute> fronts = new LinkedHashMap<>();
        for (ListenerConfig listener : config.http().listeners()) {
            List<Site> here = listener.servers().stream().map(sites::get).toList();
            ServerConfig standard = listener.servers().getFirst();
            fronts.put(address(listener.listen().address()), new ListenerRoute(new EntryPoint(
                    clientRules(standard.head(), standard.own().settings()), new Sites(here.getFirst(), here)),
                            listener.listen().options()));
        }
        ErrorLog errorLog = shared.errorLog(config.main().errorLogs());
        return new RuntimeConfig(config, fronts, shared.peers().all(), errorLog, shared.logs(), shared.latencies());
    }

    /// @throws IOException when the host does not resolve
    static SocketAddress address(Address address) throws IOException {
        return switch (address) {
            case Address.Unix(var path) -> UnixDomainSocketAddress.of(path);
            case Address.Inet(var host, int port) -> {
                InetSocketAddress resolved = new InetSocketAddress(host, port);
                if (resolved.isUnresolved()) {
                    throw new IOException("host not found in \"" + address + "\" of the \"listen\" directive");
                }
                yield resolved;
            }
        };
    }

    static ClientOptions clientRules(HeadConfig head, LocationSettings settings) {
        ClientConfig client = settings.client();
        return new ClientOptions(
                new ClientOptions.Head((int) head.bufferSize(), head.largeBuffers().count(), (int) head.largeBuffers().size(),
                        MAX_HEADERS, head.timeout(), head.underscoresInHeaders(), head.ignoreInvalidHeaders(),
                        head.mergeSlashes()),
                client.bodyTimeout(),
                new ClientOptions.KeepAlive(client.keepaliveTimeout().idle(),
                        (int) client.keepaliveTimeout().told().toSeconds(), client.keepaliveRequests(), client.keepaliveTime()),
                new ClientOptions.Lingering(lingering(client), client.lingeringTime(), client.lingeringTimeout()),
                new ClientOptions.Sending(client.sendTimeout(), client.tcpNodelay(), settings.files().sendfile()),
                client.resetTimedoutConnection());
    }

    private static ClientOptions.Lingering.When lingering(ClientConfig client) {
        return switch (client.lingeringClose()) {
            case OFF -> ClientOptions.Lingering.When.OFF;
            case ON -> ClientOptions.Lingering.When.ON;
            case ALWAYS -> ClientOptions.Lingering.When.ALWAYS;
        };
    }
}

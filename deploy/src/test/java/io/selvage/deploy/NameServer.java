package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The name server `dnsmasq` on a port of the loopback. Its answers are valid for one second.
///
/// If it is not installed, the test is skipped, or fails with `-Dselvage.real=required`.
final class NameServer implements AutoCloseable {
    private static final String DNSMASQ = "/usr/sbin/dnsmasq";

    private final Path folder;
    private final int port;
    private final List<String> services;
    private Running server;
    private int loads;

    private NameServer(Path folder, int port, List<String> services) throws IOException {
        this.folder = folder;
        this.port = port;
        this.services = services;
        this.server = run();
    }

    /// @param folder for its files; empty
    /// @param hosts its first hosts: `127.0.0.2 app.test`
    /// @param services its services: `_http._tcp.app.test,a.test,8001,10,1` with port, priority and weight
    static NameServer start(Path folder, List<String> hosts, String... services) throws IOException, InterruptedException {
        Application.require(DNSMASQ, "");
        Files.write(folder.resolve("hosts"), hosts);
        NameServer started = new NameServer(folder, SelvageProcess.freePort(), List.of(services));
        started.awaitLoad();
        return started;
    }

    private Running run() throws IOException {
        var command = new ArrayList<>(List.of(DNSMASQ, "--conf-file=/dev/null", "--keep-in-foreground", "--log-facility=-",
                "--user=" + System.getProperty("user.name"), "--group=", "--pid-file=", "--no-resolv", "--no-hosts",
                        "--local=/test/",
                "--bind-interfaces", "--listen-address=127.0.0.1", "--port=" + port, "--local-ttl=1", "--addn-hosts="
                        + folder.resolve("hosts")));
        services.forEach(service -> command.add("--srv-host=" + service));
        return new Running(folder, Map.of(), "TERM", command);
    }

    private void awaitLoad() throws InterruptedException {
        loads++;
        server.awaitLines(loads, "read .*hosts");
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /// Gives it other hosts.
    void hosts(List<String> hosts) throws IOException, InterruptedException {
        Files.write(folder.resolve("hosts"), hosts);
        server.signal("HUP");
        awaitLoad();
    }

    void stop() throws IOException {
        server.close();
    }

    /// Starts it after a [#stop].
    void restart(List<String> hosts) throws IOException, InterruptedException {
        Files.write(folder.resolve("hosts"), hosts);
        loads = 0;
        server = run();
        awaitLoad();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

package io.selvage.server.cli;

import io.selvage.server.admin.AdminServer;
import io.selvage.server.admin.ServerControl;
import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.ByteText;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.wiring.Server;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Replaces the configuration of a running server and of its admin API: for the signal HUP, and for the admin API itself.
/// Thread-safe; one reload at a time.
final class ServerReload implements ServerControl, AutoCloseable {
    private final RunningServer.Source source;
    private final LogFiles logs;
    private volatile Language.Loaded loaded;               // this and the next: written under this
    private volatile @Nullable Server server;
    private volatile @Nullable AdminServer admin;

    /// @param first the configuration of the start
    ServerReload(RunningServer.Source source, Language.Loaded first, LogFiles logs) {
        this.source = source;
        this.loaded = first;
        this.logs = logs;
    }

    LogFiles logs() {
        return logs;
    }

    /// Opens the admin API of the first configuration, if it has one.
    ///
    /// @throws IOException if its address cannot be bound
    synchronized void openAdmin(Config config) throws IOException {
        AdminServer opened = AdminServer.start(config, this, (severity, line) -> logs.main().log(severity, line));
        admin = opened;
        opened.address().ifPresent(address ->
                logs.main().log(Severity.NOTICE, "the admin API listens on " + AddressText.withPort(address)));
    }

    synchronized void started(Server running) {
        server = running;
    }

    /// Where the admin API listens; empty if it does not.
    Optional<SocketAddress> adminAddress() {
        return Optional.ofNullable(admin).flatMap(AdminServer::address);
    }

    @Override
    public Optional<Server> server() {
        return Optional.ofNullable(server);
    }

    @Override
    public Language.Loaded loaded() {
        return loaded;
    }

    /// As [#reload]; the error log says why it failed.
    void reloadAndLog() {
        try {
            reload();
        } catch (ConfigProblems | IOException _) {
            // The log says it.
        }
    }

    @Override
    public synchronized List<Problem> reload() throws ConfigProblems, IOException {
        Server running = Objects.requireNonNull(server);
        try {
            Language.Loaded next = source.load();
            next.warnings().forEach(warning -> log(logs, Severity.WARN, warning.toString()));
            apply(running, next.config());
            loaded = next;
            logs.main().log(Severity.NOTICE, "the configuration was reloaded");
            return next.warnings();
        } catch (ConfigProblems e) {
            running.notReloaded(RunningServer.reason(e));
            log(logs, Severity.EMERG, RunningServer.reason(e));
            throw e;
        } catch (IOException e) {
            running.notReloaded(RunningServer.reason(e));
            log(logs, Severity.EMERG, "not reloaded: " + RunningServer.reason(e));
            throw e;
        }
    }

    private void apply(Server running, Config config) throws IOException {
        AdminServer.Change change = Objects.requireNonNull(admin).prepare(config);
        try {
            running.reload(config);
        } catch (IOException e) {
            change.cancel();
            throw e;
        }
        change.commit();
    }

    /// Writes each line of a text to the error log.
    static void log(LogFiles logs, Severity severity, String text) {
        ByteText.encode(text).lines().forEach(line -> logs.main().log(severity, line));
    }

    /// Ends the admin API.
    @Override
    public void close() {
        AdminServer open = admin;
        if (open != null) {
            open.close();
        }
    }
}

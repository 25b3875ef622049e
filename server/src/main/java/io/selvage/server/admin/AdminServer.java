package io.selvage.server.admin;

import io.selvage.server.config.Address;
import io.selvage.server.config.Config;
import io.selvage.server.module.AdminLine;
import io.selvage.server.module.AdminModule.AdminSettings;
import io.selvage.server.module.AdminToken;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.ThisMachine;
import io.selvage.server.module.User;
import io.selvage.server.net.ByteText;
import io.selvage.server.net.helidon.WebListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The admin API of a server, on the address that the configuration names. Thread-safe.
public final class AdminServer implements AutoCloseable {
    /// The longest time from the first line of a request to the end of its answer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofSeconds(1);

    /// The answer to a wrong token comes that much later.
    private static final Duration WRONG_TOKEN_DELAY = Duration.ofSeconds(1);

    private final RequestDeadlines deadlines = new RequestDeadlines(PATIENCE);
    private final AdminAccess access;
    private final AdminApi api;
    private final Consumer<String> log;
    private final Thread ticking;
    private @Nullable Open open;                           // guarded by this
    private volatile boolean closed;

    /// @param configured as the configuration has it
    private record Open(Address configured, WebListener listener) {
    }

    /// Begins to listen, if the configuration has `admin`. Until the control has a server, most answers are 503.
    ///
    /// @param log receives one line for each fault; must not wait
    /// @throws IOException if the address cannot be bound, with the reason in one line
    public static AdminServer start(Config config, ServerControl control, Consumer<String> log) throws IOException {
        AdminServer server = new AdminServer(control, log);
        server.prepare(config).commit();
        server.ticking.start();
        return server;
    }

    private AdminServer(ServerControl control, Consumer<String> log) {
        this.access = new AdminAccess(WRONG_TOKEN_DELAY, log);
        this.api = new AdminApi(control, deadlines, access, log);
        this.log = log;
        this.ticking = Thread.ofPlatform().daemon().name("selvage-admin").unstarted(this::tick);
    }

    /// A change to what another configuration says, which is made or cancelled. One at a time.
    public final class Change {
        private final @Nullable Open next;
        private final Optional<String> token;

        private Change(@Nullable Open next, Optional<String> token) {
            this.next = next;
            this.token = token;
        }

        /// Listens at the new address only. Requests in progress at the old one have a second to end.
        public void commit() {
            access.token(token);
            Open before = replace(next);
            if (before != null && before != next) {
                Thread.ofPlatform().name("selvage-admin-leave").start(before.listener::close);
            }
        }

        /// Leaves everything as it was.
        public void cancel() {
            if (next != null && next != current()) {
                next.listener.close();
            }
        }
    }

    /// Binds the address of a configuration, unless it is bound already.
    ///
    /// @throws IOException if it cannot be bound; nothing has changed then
    public Change prepare(Config config) throws IOException {
        Optional<AdminLine> wanted = AdminSettings.of(config).admin();
        if (wanted.isEmpty()) {
            return new Change(null, Optional.empty());
        }
        Optional<String> token = token(wanted.get());
        Address address = wanted.get().address();
        Open now = current();
        if (now != null && now.configured.equals(address)) {
            return new Change(now, token);
        }
        var service = new WebListener.Service(api.routing(), (_, _, status, fields, message) ->
                api.refuse(status, fields, message), deadlines);
        WebListener listener = WebListener.open(socketAddress(address), service, log);
        giveTo(MainSettings.of(config).user(), listener.address());
        return new Change(new Open(address, listener), token);
    }

    private static Optional<String> token(AdminLine line) throws IOException {
        return line.tokenFile().isPresent() ? Optional.of(AdminToken.read(line.tokenFile().get())) : line.token();
    }

    /// The file of a unix socket belongs to the user that the process is about to become.
    private static void giveTo(User user, SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && !user.name().isEmpty() && new ThisMachine().isRoot()) {
            Path file = unix.getPath();
            Files.setOwner(file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.name()));
        }
    }

    private synchronized @Nullable Open current() {
        return open;
    }

    private synchronized @Nullable Open replace(@Nullable Open next) {
        Open before = open;
        open = next;
        return before;
    }

    private static SocketAddress socketAddress(Address address) throws IOException {
        return switch (address) {
            case Address.Unix(var path) -> UnixDomainSocketAddress.of(ByteText.path(path));
            case Address.Inet(var host, int port) -> {
                try {
                    yield new InetSocketAddress(InetAddress.getByName(host), port);
                } catch (UnknownHostException e) {
                    throw new IOException("host not found in \"" + address + "\" of the \"admin\" directive", e);
                }
            }
        };
    }

    /// Where it listens; empty if it does not. For port 0 it has the port that the system chose.
    public Optional<SocketAddress> address() {
        Open now = current();
        return now == null ? Optional.empty() : Optional.of(now.listener.address());
    }

    /// Sends a snapshot to all subscribers of events now.
    void sendSnapshot() {
        api.sendSnapshot();
    }

    private void tick() {
        while (!closed) {
            LockSupport.parkNanos(this, TICK.toNanos());
            try {
                deadlines.endLate(System.nanoTime());
                sendSnapshot();
            } catch (RuntimeException e) {
                log.accept("the admin API cannot send a snapshot: " + e);
            }
        }
    }

    /// Stops listening and ends the streams of events. Requests in progress have a second to end.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticking);
        api.close();
        Open now = replace(null);
        if (now != null) {
            now.listener.close();
        }
    }
}

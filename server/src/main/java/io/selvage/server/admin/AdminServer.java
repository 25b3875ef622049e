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
import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The admin API of a server, on the address that the configuration names. Thread-safe.
public final class AdminServer implements AutoCloseable {
    /// The longest time from the first line of a request to the end of its answer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofSeconds(1);
    /// More than a listener needs to close.
    private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(10);

    /// The answer to a wrong token comes that much later.
    private static final Duration WRONG_TOKEN_DELAY = Duration.ofSeconds(1);

    private final RequestDeadlines deadlines = new RequestDeadlines(PATIENCE);
    private final AdminAccess access;
    private final AdminApi api;
    private final BiConsumer<Severity, String> log;
    private final Thread ticking;
    private @Nullable Open open;                           // this and the next two: guarded by this
    private @Nullable Thread handover;                     // while an address waits for the one before to be closed
    private KnownToken known = new KnownToken(Optional.empty(), Optional.empty());
    private volatile boolean closed;

    /// @param configured as the configuration has it
    private record Open(Address configured, WebListener listener) {
    }

    /// The token of a configuration.
    ///
    /// @param file that it was read from
    private record KnownToken(Optional<Path> file, Optional<String> token) {
    }

    /// Begins to listen, if the configuration has `admin`. Until the control has a server, most answers are 503.
    ///
    /// @param log receives one line for each fault; must not wait
    /// @throws IOException if the address cannot be bound, with the reason in one line
    public static AdminServer start(Config config, ServerControl control, BiConsumer<Severity, String> log) throws IOException {
        if (!MainSettings.of(config).user().name().isEmpty()) {
            JsonLibrary.find();
        }
        AdminServer server = new AdminServer(control, log);
        server.prepare(config).commit();
        server.ticking.start();
        return server;
    }

    private AdminServer(ServerControl control, BiConsumer<Severity, String> log) {
        this.access = new AdminAccess(WRONG_TOKEN_DELAY, this::warn);
        this.api = new AdminApi(control, deadlines, access, log);
        this.log = log;
        this.ticking = Thread.ofPlatform().daemon().name("selvage-admin").unstarted(this::tick);
    }

    private void warn(String line) {
        log.accept(Severity.WARN, line);
    }

    /// A change to what another configuration says, which is made or cancelled. One at a time.
    public final class Change {
        private final @Nullable Open next;
        private final Optional<AdminLine> deferred;        // its address can be bound when that before is closed
        private final KnownToken token;

        private Change(@Nullable Open next, Optional<AdminLine> deferred, KnownToken token) {
            this.next = next;
            this.deferred = deferred;
            this.token = token;
        }

        /// Listens at the new address only. Requests in progress at the old one have a second to end. Where the system does not
        /// let both addresses be bound, the new one is bound then, on another thread.
        public void commit() {
            access.token(token.token);
            replace(next, token).ifPresent(before -> {
                if (next == null || next.listener != before.listener) {
                    leave(before, deferred);
                }
            });
        }

        /// Leaves everything as it was.
        public void cancel() {
            Open now = current();
            if (next != null && (now == null || next.listener != now.listener)) {
                next.listener.close();
            }
        }
    }

    private synchronized void leave(Open before, Optional<AdminLine> following) {
        handover = Thread.ofPlatform().name("selvage-admin-leave").start(() -> {
            before.listener.close();
            following.ifPresent(this::follow);
        });
    }

    /// Binds an address behind the one that overlapped with it.
    private void follow(AdminLine line) {
        try {
            Open next = open(line, new User("", ""));
            synchronized (this) {
                if (!closed) {
                    open = next;
                    return;
                }
            }
            next.listener.close();
        } catch (IOException e) {
            log.accept(Severity.EMERG, "there is no admin API any more: " + e.getMessage());
        }
    }

    /// Waits until the change before this one is complete.
    private void awaitHandover() throws IOException {
        Thread pending;
        synchronized (this) {
            pending = handover;
            handover = null;
        }
        try {
            if (pending != null && !pending.join(HANDOVER_PATIENCE)) {
                throw new IOException("the address of \"admin\" is still being changed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Binds the address of a configuration, unless it is bound already.
    ///
    /// @throws IOException if it cannot be bound, or the token cannot be read; nothing has changed then
    public Change prepare(Config config) throws IOException {
        awaitHandover();
        Optional<AdminLine> wanted = AdminSettings.of(config).admin();
        if (wanted.isEmpty()) {
            return new Change(null, Optional.empty(), new KnownToken(Optional.empty(), Optional.empty()));
        }
        AdminLine line = wanted.get();
        KnownToken token = token(line);
        Open now = current();
        if (now != null && now.configured.equals(line.address())) {
            return new Change(now, Optional.empty(), token);
        }
        SocketAddress address = socketAddress(line.address());
        if (now != null && now.listener.address().equals(address)) {
            return new Change(new Open(line.address(), now.listener), Optional.empty(), token);
        }
        if (now != null && overlap(now.listener.address(), address)) {
            checkBindable(line.address(), address);
            return new Change(null, wanted, token);
        }
        return new Change(open(line, MainSettings.of(config).user()), Optional.empty(), token);
    }

    /// An address that overlaps with the own one cannot be bound because it is in use. Another reason, such as a port that only
    /// root may bind, would remain when the own one is closed; the system finds such a reason first.
    private static void checkBindable(Address configured, SocketAddress address) throws IOException {
        try (SocketChannel probe = SocketChannel.open()) {
            probe.bind(address);
        } catch (BindException e) {
            if (!String.valueOf(e.getMessage()).contains("in use")) {
                throw new IOException("the address of \"admin\" cannot change to \"" + configured + "\" without a restart: "
                        + e.getMessage(), e);
            }
        }
    }

    /// True if one socket at most can have the two addresses: the same port of all addresses and of one.
    private static boolean overlap(SocketAddress bound, SocketAddress wanted) {
        return bound instanceof InetSocketAddress one && wanted instanceof InetSocketAddress other
                && one.getPort() == other.getPort()
                && (one.getAddress().isAnyLocalAddress() || other.getAddress().isAnyLocalAddress());
    }

    private Open open(AdminLine line, User user) throws IOException {
        var service = new WebListener.Service(api.routing(), (_, _, status, fields, message) ->
                api.refuse(status, fields, message), deadlines);
        WebListener listener = WebListener.open(socketAddress(line.address()), service, this::warn);
        giveTo(user, listener.address());
        return new Open(line.address(), listener);
    }

    /// A file that only root can read is read at the start, as root. It cannot be read at a reload; what was in it holds then.
    private KnownToken token(AdminLine line) throws IOException {
        if (line.tokenFile().isEmpty()) {
            return new KnownToken(Optional.empty(), line.token());
        }
        Path file = line.tokenFile().get();
        try {
            return new KnownToken(line.tokenFile(), Optional.of(AdminToken.read(file)));
        } catch (AccessDeniedException e) {
            KnownToken before = known();
            if (before.file.equals(line.tokenFile())) {
                log.accept(Severity.NOTICE, "the user of this process may not read the \"token_file\" of \"admin\": the token "
                        + "of the start holds until a restart");
                return before;
            }
            throw new IOException("the user of this process may not read \"" + file + "\", the \"token_file\" of \"admin\"", e);
        }
    }

    private synchronized KnownToken known() {
        return known;
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

    private synchronized Optional<Open> replace(@Nullable Open next, KnownToken token) {
        Optional<Open> before = Optional.ofNullable(open);
        open = next;
        known = token;
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
                warn("the admin API cannot send a snapshot: " + e);
            }
        }
    }

    /// Stops listening and ends the streams of events. Requests in progress have a second to end.
    @Override
    public void close() {
        Optional<Open> last;
        synchronized (this) {
            closed = true;
            last = Optional.ofNullable(open);
            open = null;
        }
        LockSupport.unpark(ticking);
        api.close();
        last.ifPresent(listening -> listening.listener.close());
    }
}

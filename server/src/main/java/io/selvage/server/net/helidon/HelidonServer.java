package io.selvage.server.net.helidon;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Makes a Helidon WebServer that accepts from a socket of ours and may give what it accepts to an executor of ours.
///
/// Helidon has settings for neither, so three private fields are reached by reflection, here and nowhere else:
///
/// - `LoomServer.listeners`, read: the way to the server's one listener.
/// - `ServerListener.readerExecutor`, replaced before the start: Helidon's own would make two buffers of 8 KB and keep a
///   thread for as long as a connection lives, for bytes that it never sees here.
/// - `ServerListener.serverSocket`, replaced while the server starts: Helidon opens a socket for IPv4 and IPv6 at once, and its
///   loop ends for good when a connection cannot be accepted.
///
/// Helidon's version is fixed and part of the jar. One with other fields does not start, and `ListenerTest` fails.
final class HelidonServer {
    /// How long Helidon waits for connections at the end; [Listener#close] ends them long before.
    private static final Duration GRACE = Duration.ofDays(365);

    private HelidonServer() {
    }

    /// A server that is not started yet.
    ///
    /// @param more sets what is particular to one server
    /// @param executor chooses what runs accepted connections, given what Helidon would use
    /// @throws IllegalStateException when Helidon is not the version that this was written for
    static WebServer create(AcceptingChannel socket, Consumer<Settings> more, UnaryOperator<HelidonTaskExecutor> executor) {
        Settings settings = new Settings(socket);
        settings.connectionOptions(new AcceptedAsTheyAre().buildPrototype())
                .protocolsDiscoverServices(false)
                .featuresDiscoverServices(false)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE);
        more.accept(settings);
        WebServer server = WebServer.create(settings.buildPrototype());
        try {
            var listeners = (Map<?, ?>) field(server, "listeners").get(server);
            Object listener = listeners.values().iterator().next();
            Field runs = field(listener, "readerExecutor");
            runs.set(listener, executor.apply((HelidonTaskExecutor) runs.get(listener)));
            settings.whenOpened(listener, field(listener, "serverSocket"));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("this version of Helidon has another listener: " + e, e);
        }
        return server;
    }

    private static Field field(Object owner, String name) throws NoSuchFieldException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /// Helidon's builder, for a configuration that has something to say when the listener has opened its socket.
    static final class Settings extends WebServerConfig.BuilderBase<Settings, WebServerConfig> {
        private final AcceptingChannel socket;
        private Optional<Object> listener = Optional.empty();          // both are set before the start
        private Optional<Field> itsSocket = Optional.empty();

        Settings(AcceptingChannel socket) {
            this.socket = socket;
        }

        void whenOpened(Object owner, Field field) {
            listener = Optional.of(owner);
            itsSocket = Optional.of(field);
        }

        private void replace(ServerSocketChannel opened) {
            try {
                itsSocket.orElseThrow().set(listener.orElseThrow(), socket);
                opened.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public WebServerConfig buildPrototype() {
            preBuildPrototype();
            validatePrototype();
            return new Prototype(this);
        }

        private static final class Prototype extends WebServerConfigImpl {
            private final Settings settings;

            Prototype(Settings settings) {
                super(settings);
                this.settings = settings;
            }

            /// Called by the listener between opening and binding its socket; it reads its field again afterwards.
            @Override
            public void configureSocket(ServerSocketChannel opened) {
                settings.replace(opened);
            }
        }
    }

    /// [AcceptingChannel] has configured it.
    private static final class AcceptedAsTheyAre extends SocketOptions.BuilderBase<AcceptedAsTheyAre, SocketOptions> {
        @Override
        public SocketOptions buildPrototype() {
            return new Prototype(this);
        }

        private static final class Prototype extends SocketOptionsImpl {
            Prototype(AcceptedAsTheyAre settings) {
                super(settings);
            }

            @Override
            public void configureSocket(SocketChannel channel) {
            }
        }
    }
}

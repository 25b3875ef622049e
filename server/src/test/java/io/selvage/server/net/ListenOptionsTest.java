package io.selvage.server.net;

import io.selvage.server.net.helidon.Listener;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// What the parameters of `listen` do to the sockets.
@Timeout(60)
class ListenOptionsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_DEFER_ACCEPT = 9;
    private static final int TCP_INFO = 11;
    private static final int TCP_FASTOPEN = 23;

    private static ListenOptions with(TcpKeepAlive keepAlive, int receiveBuffer, int sendBuffer) {
        return new ListenOptions(511, false, true, keepAlive, receiveBuffer, sendBuffer, false, 0);
    }

    /// An option of a channel that a listener has accepted, before and after the listener got other options.
    private static <T> List<T> accepted(SocketOption<T> option, ListenOptions first, ListenOptions later) throws Exception {
        BlockingQueue<T> values = new LinkedBlockingQueue<>();
        ConnectionLimit limit = new ConnectionLimit(10, Io.jdk(), _ -> { });
        Listener listener = Listener.open(ANY_PORT, first, limit, Io.jdk(), _ -> { }, (connection, _) -> {
            try {
                values.add(((ChannelConnection) connection).channel.getOption(option));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        try (SocketChannel _ = SocketChannel.open(listener.address())) {
            T before = values.take();
            listener.configure(later);
            try (SocketChannel _ = SocketChannel.open(listener.address())) {
                return List.of(before, values.take());
            }
        } finally {
            listener.close(Duration.ofSeconds(50));
        }
    }

    @Test
    void probesOfASilentClientAreOffOnOrTimed() throws Exception {
        ListenOptions off = ListenOptions.DEFAULT;
        ListenOptions timed = with(new TcpKeepAlive(true, 77, 5, 3), 0, 0);
        assertEquals(List.of(false, true), accepted(StandardSocketOptions.SO_KEEPALIVE, off, with(TcpKeepAlive.ON, 0, 0)));
        assertEquals(List.of(true, false), accepted(StandardSocketOptions.SO_KEEPALIVE, timed, off));
        assertEquals(77, accepted(ExtendedSocketOptions.TCP_KEEPIDLE, timed, off).getFirst());
        assertEquals(5, accepted(ExtendedSocketOptions.TCP_KEEPINTERVAL, timed, off).getFirst());
        assertEquals(3, accepted(ExtendedSocketOptions.TCP_KEEPCOUNT, timed, off).getFirst());
    }

    @Test
    void buffersHaveTheSizesThatAreSet() throws Exception {
        ListenOptions small = with(TcpKeepAlive.OFF, 10_000, 20_000);
        assertEquals(10_000, accepted(StandardSocketOptions.SO_RCVBUF, small, small).getFirst());
        assertEquals(20_000, accepted(StandardSocketOptions.SO_SNDBUF, small, ListenOptions.DEFAULT).getFirst());
    }

    @Test
    void smallPacketsAreNotHeldBack() throws Exception {
        assertEquals(List.of(true, true),
                accepted(StandardSocketOptions.TCP_NODELAY, ListenOptions.DEFAULT, ListenOptions.DEFAULT));
    }

    @Test
    void thePortIsSharedOnlyWhereBothSay() throws IOException {
        ListenOptions shared = new ListenOptions(511, true, true, TcpKeepAlive.OFF, 0, 0, false, 0);
        try (ListenSocket first = ListenSocket.open(ANY_PORT, shared)) {
            ListenSocket.open(first.address(), shared).close();
            IOException failure = assertThrows(IOException.class,
                    () -> ListenSocket.open(first.address(), ListenOptions.DEFAULT).close());
            assertTrue(failure.getMessage().endsWith(": Address already in use"), failure.getMessage());
        }
    }

    @Test
    void theKernelKnowsTheBacklog() throws IOException {
        ListenOptions options = new ListenOptions(7, false, true, TcpKeepAlive.OFF, 0, 0, false, 0);
        try (ListenSocket socket = ListenSocket.open(ANY_PORT, options)) {
            assertEquals(7, option(socket, TCP_INFO, 7));  // tcpi_sacked: the most that may wait, for a socket that listens
        }
    }

    @Test
    void theKernelDefersAcceptingUntilThereAreBytes() throws IOException {
        ListenOptions options = new ListenOptions(511, false, true, TcpKeepAlive.OFF, 0, 0, true, 0);
        try (ListenSocket deferred = ListenSocket.open(ANY_PORT, options);
             ListenSocket usual = ListenSocket.open(ANY_PORT, ListenOptions.DEFAULT)) {
            assertEquals(1, option(deferred, TCP_DEFER_ACCEPT, 0));
            assertEquals(0, option(usual, TCP_DEFER_ACCEPT, 0));
        }
    }

    @Test
    void theKernelTakesDataInTheFirstPacket() throws IOException {
        ListenOptions options = new ListenOptions(511, false, true, TcpKeepAlive.OFF, 0, 0, false, 16);
        try (ListenSocket socket = ListenSocket.open(ANY_PORT, options)) {
            assertEquals(16, option(socket, TCP_FASTOPEN, 0));
        }
    }

    @Test
    void openSocketTakesOtherOptions() throws IOException {
        ListenOptions all = new ListenOptions(7, true, true, TcpKeepAlive.OFF, 10_000, 0, true, 16);
        try (ListenSocket socket = ListenSocket.open(ANY_PORT, ListenOptions.DEFAULT)) {
            assertEquals(List.of(), socket.configure(all));
            assertEquals(7, option(socket, TCP_INFO, 7));
            assertEquals(10_000, socket.channel().getOption(StandardSocketOptions.SO_RCVBUF));
            assertEquals(1, option(socket, TCP_DEFER_ACCEPT, 0));
            assertEquals(16, option(socket, TCP_FASTOPEN, 0));
            ListenSocket.open(socket.address(), all).close();    // the port is shared

            List<String> problems = socket.configure(ListenOptions.DEFAULT);
            String start = "\"%s\" of \"listen " + AddressText.withPort(socket.address())
                    + "\" was not changed, which takes a restart: ";
            assertEquals(List.of(
                    start.formatted("rcvbuf") + "the kernel's own size can be had only with a new socket",
                    start.formatted("reuseport") + "the kernel lets others share a port until the socket is closed"), problems);
            assertEquals(511, option(socket, TCP_INFO, 7));
            assertEquals(0, option(socket, TCP_DEFER_ACCEPT, 0));
            assertEquals(0, option(socket, TCP_FASTOPEN, 0));
        }
    }

    @Test
    void openUnixSocketTakesAnotherBacklog(@TempDir Path folder) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("a.sock"));
        List<SocketChannel> waiting = new ArrayList<>();
        try (ListenSocket socket = ListenSocket.open(address, with(TcpKeepAlive.OFF, 0, 0))) {
            assertEquals(List.of(), socket.configure(new ListenOptions(1, false, true, TcpKeepAlive.OFF, 0, 0, false, 0)));
            assertThrows(IOException.class, () -> {
                while (waiting.size() < 10) {
                    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
                    waiting.add(client);
                    client.configureBlocking(false);
                    client.connect(address);
                }
            });
            assertEquals(3, waiting.size());               // Linux lets one more wait than the backlog says
        } finally {
            for (SocketChannel client : waiting) {
                client.close();
            }
        }
    }

    /// @param word which `int` of the answer
    @SuppressWarnings("restricted")
    private static int option(ListenSocket socket, int name, int word) {
        Linker linker = Linker.nativeLinker();
        var getsockopt = linker.downcallHandle(linker.defaultLookup().findOrThrow("getsockopt"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal").invoke(socket.channel());
            MemorySegment value = arena.allocate(256);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 256);
            assertEquals(0, (int) getsockopt.invokeExact(descriptor, IPPROTO_TCP, name, value, length));
            return value.getAtIndex(JAVA_INT, word);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Opens a listening socket, for a JVM with other options than this one.
    static final class Program {
        private Program() {
        }

        public static void main(String[] arguments) {
            try (ListenSocket socket = ListenSocket.open(new InetSocketAddress(arguments[0], 0), ListenOptions.DEFAULT)) {
                System.out.println(socket.channel().isOpen());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }

        static List<String> run(String option, String address) throws Exception {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), option,
                    "-cp", System.getProperty("java.class.path"), Program.class.getName(), address)
                    .redirectErrorStream(true).start();
            try (var out = process.inputReader()) {
                List<String> lines = out.lines().filter(line -> !line.startsWith("WARNING")).toList();
                assertEquals(0, process.waitFor());
                return lines;
            }
        }
    }

    @Test
    void withoutIpv6AnIpv6AddressIsRefusedInOneLine() throws Exception {
        assertEquals(List.of("cannot listen on [::]:0: Address family not supported by protocol"),
                Program.run("-Djava.net.preferIPv4Stack=true", "::"));
        assertEquals(List.of("true"), Program.run("-Djava.net.preferIPv4Stack=true", "0.0.0.0"));
    }

    @Test
    void withoutTheExportAllIpv6AddressesAreRefusedWithTheFlagThatHelps() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "this machine has no IPv6");
        assertEquals(List.of("cannot listen on [::]:0: IPV6_V6ONLY needs --add-exports java.base/sun.nio.ch=ALL-UNNAMED"),
                Program.run("-Xshare:auto", "::"));
    }
}

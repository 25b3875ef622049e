package io.selvage.server.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class DatagramsTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;

    @TempDir
    private Path folder;

    @Test
    void eachWriteIsADatagramOfUdp() throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Datagrams sender = Datagrams.to(receiver.getLocalSocketAddress())) {
            receiver.setSoTimeout(50_000);
            sender.write("one".getBytes(ISO_8859_1));
            sender.write("--two--".getBytes(ISO_8859_1), 2, 3);
            assertEquals("one", received(receiver));
            assertEquals("two", received(receiver));
        }
    }

    private static String received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    @Test
    void eachWriteIsADatagramToAUnixSocket() throws Throwable {
        Path path = folder.resolve("log");
        int receiver = boundTo(path);
        try (Datagrams sender = Datagrams.to(UnixDomainSocketAddress.of(path))) {
            sender.write("one".getBytes(ISO_8859_1));
            sender.write("--two--".getBytes(ISO_8859_1), 2, 3);
            assertEquals("one", received(receiver));
            assertEquals("two", received(receiver));
        } finally {
            call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), receiver);
        }
    }

    /// A socket for datagrams, which the JDK does not have.
    private static int boundTo(Path path) throws Throwable {
        int descriptor = (int) call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), AF_UNIX,
                SOCK_DGRAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = path.toString().getBytes(ISO_8859_1);
            MemorySegment address = arena.allocate(110);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            assertEquals(0, call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), descriptor, address, 110));
        }
        return descriptor;
    }

    private static String received(int descriptor) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(100);
            long count = (long) call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), descriptor,
                    bytes, 100L, 0);
            return new String(bytes.asSlice(0, count).toArray(JAVA_BYTE), ISO_8859_1);
        }
    }

    @SuppressWarnings("restricted")
    private static Object call(String name, FunctionDescriptor shape, Object... arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape).invokeWithArguments(arguments);
    }

    @Test
    void missingSocketIsAnErrorWithItsName() {
        Path path = folder.resolve("none");
        IOException error = assertThrows(IOException.class, () -> Datagrams.to(UnixDomainSocketAddress.of(path)));
        assertTrue(String.valueOf(error.getMessage()).startsWith("connect(" + path + ") failed (errno 2)"), error::toString);
    }

    @Test
    void fileThatIsNoSocketIsAnError() throws IOException {
        Path path = Files.writeString(folder.resolve("file"), "");
        assertThrows(IOException.class, () -> Datagrams.to(UnixDomainSocketAddress.of(path)));
    }

    @Test
    void tooLongPathIsAnError() {
        Path path = Path.of("/" + "x".repeat(200));
        assertThrows(IOException.class, () -> LinuxDatagram.connect(path));
    }
}

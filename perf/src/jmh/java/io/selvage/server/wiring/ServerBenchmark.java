package io.selvage.server.wiring;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Machine;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.Modules;
import io.selvage.server.observe.LogFiles;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// One exchange of a running server, from a client's socket to a file in the cache or to a peer, and back. Client and peer make
/// no garbage, so `gc.alloc.rate.norm` is what the server makes for an exchange. The time has system calls and thread switches of
/// all three in it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ServerBenchmark {
    private static final String REQUEST = "GET %s HTTP/1.1\r\nHost: example.org\r\nUser-Agent: test\r\nAccept: */*\r\n"
            + "Accept-Encoding: gzip\r\nCookie: a=b\r\n\r\n";
    private static final byte[] PEER = ("HTTP/1.1 200 OK\r\nServer: app\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello").getBytes(ISO_8859_1);
    private static final String CONFIG = """
            worker_processes 1;
            io %s;
            error_log stderr crit;
            events { }
            http {
                access_log off;
                keepalive_requests 1000000000;
                upstream app { server 127.0.0.1:%d; keepalive 4; keepalive_requests 1000000000; }
                server {
                    listen 127.0.0.1:0;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header X-Real-IP $remote_addr;
                    }
                    location /file { root %s; }
                }
            }
            """;

    @Param({"/", "/file"})
    private String path;
    @Param({"carrier", "jdk"})
    private String io;

    private Path folder;
    private final ByteBuffer received = ByteBuffer.allocateDirect(4096);
    private ByteBuffer request;
    private ServerSocketChannel peer;
    private Server server;
    private SocketChannel client;

    @Setup
    public void start() throws IOException, ConfigProblems, EngineMissing {
        peer = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(this::serveAsPeer);
        folder = Files.createTempDirectory("benchmark");
        Files.writeString(folder.resolve("file"), "hello");
        Path file = folder.resolve("selvage.conf");
        Files.writeString(file, CONFIG.formatted(io, ((InetSocketAddress) peer.getLocalAddress()).getPort(), folder));
        var config = Modules.LANGUAGE.load(file, folder, "", Machine.ANY).config();
        MainSettings settings = MainSettings.of(config);
        server = Server.start(config, IoWiring.start(IoMode.valueOf(io.toUpperCase(Locale.ROOT)), settings, _ -> { }),
                new LogFiles(Optional.empty()), () -> { });
        client = SocketChannel.open(server.addresses().getFirst());
        byte[] bytes = REQUEST.formatted(path).getBytes(ISO_8859_1);
        request = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    private void serveAsPeer() {
        ByteBuffer in = ByteBuffer.allocateDirect(4096);
        ByteBuffer out = ByteBuffer.allocateDirect(PEER.length).put(PEER);
        try (SocketChannel connection = peer.accept()) {
            while (connection.read(in.clear()) > 0) {       // a head comes at once
                connection.write(out.rewind());
            }
        } catch (IOException _) {
            // The benchmark has ended.
        }
    }

    @Benchmark
    public int exchange() throws IOException {
        client.write(request.rewind());
        int count = client.read(received.clear());         // so does an answer of this size
        if (count < 0) {
            throw new EOFException("the server has closed the connection");
        }
        return count;
    }

    @TearDown
    public void stop() throws IOException {
        client.close();
        server.stop(Duration.ofSeconds(1));
        peer.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}

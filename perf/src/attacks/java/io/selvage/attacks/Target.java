package io.selvage.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A server that is attacked: its process, and the ports for HTTP/1, HTTP/2 and TLS.
record Target(Process process, int http1, int http2, int tls) implements AutoCloseable {
    private static final long MICROS_PER_TICK = 10_000;
    private static final int FILE_SIZE = 1 << 20;
    private static final String CONFIGURATION = """
            worker_processes 1;
            pid PREFIX/pid;
            error_log PREFIX/error.log;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_max_body_size 0;
                client_body_temp_path PREFIX/body;
                proxy_temp_path PREFIX/proxy;
                keepalive_requests 1000000;
                gzip on;
                set_real_ip_from 0.0.0.0/0;
                real_ip_header X-Forwarded-For;
                real_ip_recursive on;
                ssl_certificate PREFIX/cert.pem;
                ssl_certificate_key PREFIX/key.pem;
                server {
                    listen 127.0.0.1:HTTP1;
                    listen 127.0.0.1:HTTP2 http2;
                    listen 127.0.0.1:TLS ssl;
                    root PREFIX;
                    location /app/ { proxy_pass http://127.0.0.1:PEER; }
                    location /streamed/ {
                        proxy_pass http://127.0.0.1:PEER;
                        proxy_http_version 1.1;
                        proxy_request_buffering off;
                        proxy_buffering off;
                    }
                    location /tunnel/ {
                        proxy_pass http://127.0.0.1:PEER;
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection upgrade;
                    }
                    location /slow/ { alias PREFIX/; limit_rate 100; }
                    location /values/ { return 200 "$arg_none$cookie_none$http_none$remote_addr\\n"; }
                    location ~ ^/search/(a+)+$ { return 200 found; }
                }
            }
            """;

    static Target selvage(Path root, Path folder, int peer, String io) throws IOException, InterruptedException {
        Path prefix = Files.createDirectories(folder.resolve("selvage"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return start(prefix, peer, List.of(java, "@" + root.resolve("deploy/jvm.options"), "-jar",
                root.resolve("deploy/target/selvage.jar").toString(), "run", "--io", io, "-p", prefix.toString(), "-c", "conf"));
    }

    static Target nginx(Path folder, int peer) throws IOException, InterruptedException {
        Path prefix = Files.createDirectories(folder.resolve("nginx"));
        return start(prefix, peer, List.of("nginx", "-g", "daemon off; user root;", "-p", prefix.toString(), "-c",
                prefix.resolve("conf").toString()));
    }

    private static Target start(Path prefix, int peer, List<String> command) throws IOException, InterruptedException {
        byte[] file = new byte[FILE_SIZE];
        new Random(1).nextBytes(file);
        Files.write(prefix.resolve("file.bin"), file);
        Files.write(prefix.resolve("long.bin"), new byte[3 * FILE_SIZE]);
        Files.writeString(prefix.resolve("small.txt"), "small\n");
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                "-keyout", prefix.resolve("key.pem").toString(), "-out", prefix.resolve("cert.pem").toString());
        int[] ports = {freePort(), freePort(), freePort()};
        Files.writeString(prefix.resolve("conf"), CONFIGURATION.replace("PREFIX", prefix.toString())
                .replace("HTTP1", Integer.toString(ports[0])).replace("HTTP2", Integer.toString(ports[1]))
                .replace("TLS", Integer.toString(ports[2])).replace("PEER", Integer.toString(peer)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(prefix.resolve("output.log").toFile()).start();
        while (!Files.exists(prefix.resolve("pid"))) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException(command + " did not start: " + Files.readString(prefix.resolve("output.log")));
            }
        }
        return new Target(process, ports[0], ports[1], ports[2]);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + ": " + output);
        }
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    Socket connect() throws IOException {
        return connect(http1);
    }

    Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        return socket;
    }

    /// CPU time of the process and its children, in microseconds.
    long cpuMicros() throws IOException {
        long micros = cpuMicros(process.pid());
        for (ProcessHandle child : process.children().toList()) {
            micros += cpuMicros(child.pid());
        }
        return micros;
    }

    /// The sum over the threads is exact but lacks those that have ended; the time of the process has them, in steps of 10 ms.
    private static long cpuMicros(long pid) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        long nanos = 0;
        try (var threads = Files.newDirectoryStream(proc.resolve("task"))) {
            for (Path thread : threads) {
                nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
            }
        }
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Math.max(nanos / 1000, MICROS_PER_TICK * (Long.parseLong(fields[11]) + Long.parseLong(fields[12])));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}

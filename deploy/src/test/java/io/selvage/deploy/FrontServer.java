package io.selvage.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A front server in front of a recording peer of its own.
///
/// @param port where it listens
/// @param peer what it passes requests to
record FrontServer(Running process, int port, RecordingPeer peer) implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    /// For nginx and Selvage alike.
    private static final String HTTP = """
            %3$s
            pid selvage.pid;
            events { }
            http {
                access_log off;
                client_body_temp_path bodies;
                proxy_temp_path answers;
                %4$s
                upstream peer { server 127.0.0.1:%2$d max_fails=0; keepalive 4; }
                server {
                    listen 127.0.0.1:%1$d;
                    server_name front;
                    location / {
                        proxy_pass http://peer;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        proxy_ignore_client_abort on;
                    }
                }
            }
            """;
    private static final String HAPROXY = """
            defaults
                mode http
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend front
                bind 127.0.0.1:%1$d
                default_backend peer
            backend peer
                server peer 127.0.0.1:%2$d
            """;

    static FrontServer selvage(Path folder, String io) throws IOException, InterruptedException {
        var peer = new RecordingPeer();
        int port = SelvageProcess.freePort();
        Files.writeString(folder.resolve("selvage.conf"), HTTP.formatted(port, peer.port(), "", ""));
        Running process = SelvageProcess.run(folder, List.of(), "run", "-c", "selvage.conf", "-p", folder.toString(), "--io", io);
        SelvageProcess.awaitListening(folder, process);
        return new FrontServer(process, port, peer);
    }

    static FrontServer nginx(Path folder) throws IOException, InterruptedException {
        var peer = new RecordingPeer();
        int port = SelvageProcess.freePort();
        Files.writeString(folder.resolve("nginx.conf"), HTTP.formatted(port, peer.port(),
                "daemon off; master_process off; error_log stderr;",
                "fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;"));
        Running process = new Running(folder, Map.of(), "TERM",
                List.of("nginx", "-p", folder + "/", "-c", "nginx.conf", "-e", "stderr"));
        SelvageProcess.awaitListening(folder, process);
        return new FrontServer(process, port, peer);
    }

    static FrontServer haproxy(Path folder) throws IOException, InterruptedException {
        var peer = new RecordingPeer();
        int port = SelvageProcess.freePort();
        Files.writeString(folder.resolve("haproxy.cfg"), HAPROXY.formatted(port, peer.port()));
        Running process = new Running(folder, Map.of(), "TERM", List.of("haproxy", "-W", "-f", "haproxy.cfg"));
        process.awaitLines(1, "Loading success");
        return new FrontServer(process, port, peer);
    }

    /// Sends bytes on a connection of their own, ends our side, and reads to the end of the other.
    ///
    /// @return the answers; `no end` behind them if the server leaves the connection open
    String ask(byte[] request) throws IOException {
        var answers = new ByteArrayOutputStream();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
            } catch (IOException _) {
                // refused before everything was sent; there may be an answer all the same
            }
            socket.getInputStream().transferTo(answers);
        } catch (SocketTimeoutException _) {
            answers.writeBytes("no end".getBytes(ISO_8859_1));
        } catch (IOException _) {
            // a reset is an end, too
        }
        return answers.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        process.close();
        peer.close();
    }
}

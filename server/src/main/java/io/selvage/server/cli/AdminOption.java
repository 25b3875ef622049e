package io.selvage.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the admin API listens, for commands that make their configuration themselves.
public final class AdminOption {
    private static final int USUAL_PORT = 8081;

    @Option(names = "--admin", paramLabel = "ADDR", description = "where the dashboard and the admin API listen: host:port, "
            + "unix:PATH or off (default: 127.0.0.1:8081, or another port if that one is taken)")
    private Optional<String> address = Optional.empty();

    /// The directive for the main level of a configuration; empty for none.
    ///
    /// @param listen where the site itself listens
    /// @throws IllegalArgumentException for an address with a character that cannot be in a configuration
    public String directive(String listen) {
        int wanted = listen.endsWith(Integer.toString(USUAL_PORT)) ? 0 : USUAL_PORT;
        String text = address.orElseGet(() -> "127.0.0.1:" + port(wanted));
        if (!text.matches("[^\\s;{}\"'$\\\\]+")) {
            throw new IllegalArgumentException("\"" + text + "\" has a character that cannot be in a configuration");
        }
        return text.equals("off") ? "" : "admin " + text + ";\n";
    }

    private static int port(int wanted) {
        try {
            return free(wanted);
        } catch (IOException _) {
            try {
                return free(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static int free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        }
    }
}

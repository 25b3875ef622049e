package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.AdminLine;
import io.selvage.server.module.AdminModule.AdminSettings;
import io.selvage.server.module.AdminToken;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which server a command asks: the one at an address, or the one of a configuration.
final class AdminTarget {
    private static final String USUAL = "127.0.0.1:8081";

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "--admin", paramLabel = "ADDR", description =
            "the admin API: host:port or unix:PATH (default: \"admin\" of the "
            + "configuration, or " + USUAL + " if there is no configuration)")
    private Optional<String> address = Optional.empty();

    @Option(names = "--token-file", paramLabel = "FILE", description = "the file with the token, for a server on another machine")
    private Optional<Path> tokenFile = Optional.empty();

    /// @throws IOException if it is not known which server to ask; the message says what to do
    AdminClient client() throws IOException, ConfigProblems {
        if (address.isEmpty() && !Files.exists(config.file()) && !config.isNamed()) {
            return client(USUAL, token(Optional.empty()));
        }
        if (address.isPresent()) {
            return client(address.get(), token(Optional.empty()));
        }
        AdminLine line = AdminSettings.of(config.load().config()).admin().orElseThrow(() -> new IOException(
                "the configuration " + config.file() + " has no \"admin\"; add one, or use --admin"));
        return client(line.address().toString(), token(Optional.of(line)));
    }

    private Optional<String> token(Optional<AdminLine> line) throws IOException {
        if (tokenFile.isPresent()) {
            return Optional.of(AdminToken.read(tokenFile.get()));
        }
        if (line.isEmpty() || line.get().isLocal()) {
            return Optional.empty();
        }
        return line.get().tokenFile().isPresent() ? Optional.of(AdminToken.read(line.get().tokenFile().get()))
                : line.get().token();
    }

    private static AdminClient client(String text, Optional<String> token) throws IOException {
        return new AdminClient(socketAddress(text), token);
    }

    private static SocketAddress socketAddress(String text) throws IOException {
        if (text.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(ByteText.path(text.substring("unix:".length())));
        }
        String plain = text.replaceFirst("^http://", "").replaceFirst("/$", "");
        int colon = plain.lastIndexOf(':');
        if (!plain.substring(colon + 1).matches("[1-9]\\d{0,4}") || colon < 1) {
            throw new IOException("\"" + text + "\" is no address of an admin API: it must be host:port or unix:PATH"
                    + (plain.endsWith(":0") ? "; the server printed the port that it has chosen" : ""));
        }
        String host = plain.substring(0, colon).replaceAll("^\\[|]$", "");
        try {
            InetAddress address = InetAddress.getByName(host);
            return new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address,
                    Integer.parseInt(plain.substring(colon + 1)));
        } catch (UnknownHostException e) {
            throw new IOException("host not found: \"" + host + "\"", e);
        }
    }
}

package io.selvage.perf.http;

import io.selvage.perf.input.UserError;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.util.Optional;

/// The address of a server, and the value of the `Host` field. Written `http://host[:port]`, `https://host[:port]` or, as nginx
/// writes it, `http://unix:/path/to.sock`.
///
/// @param tls whether its connections are encrypted
public record Destination(SocketAddress address, String host, boolean tls) {
    private static final String UNIX = "http://unix:";

    /// A URL split into the address and the request target, which is `/` if the URL has none.
    public record Url(Destination destination, String path) {
    }

    /// Parses `http://host:port/path?query`, the same with `https`, or `http://unix:/socket:/path`, and resolves the name.
    ///
    /// @throws UserError if the URL is wrong or the name cannot be resolved
    public static Url parse(String url) throws UserError {
        return url.startsWith(UNIX) ? parseUnix(url) : parseTcp(url);
    }

    private static Url parseUnix(String url) throws UserError {
        String rest = url.substring(UNIX.length());
        int colon = rest.indexOf(':');
        String socket = colon < 0 ? rest : rest.substring(0, colon);
        String path = colon < 0 ? "/" : rest.substring(colon + 1);
        if (socket.isEmpty() || !path.startsWith("/")) {
            throw new UserError("\"" + url + "\" is not of the form http://unix:/path/to.sock:/path");
        }
        try {
            return new Url(new Destination(UnixDomainSocketAddress.of(socket), "localhost", false), path);
        } catch (InvalidPathException e) {
            throw new UserError("\"" + url + "\": " + e.getReason());
        }
    }

    private static Url parseTcp(String url) throws UserError {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new UserError("\"" + url + "\" is not a URL: " + e.getReason());
        }
        Optional<String> host = Optional.ofNullable(uri.getHost());
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"http".equalsIgnoreCase(uri.getScheme()) || host.isEmpty()) {
            throw new UserError("\"" + url + "\" is not of the form http[s]://host:port/path");
        }
        int usual = tls ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        if (port == 0 || port > 65_535) {
            throw new UserError("\"" + url + "\": " + port + " is not a port number");
        }
        String bare = host.get().startsWith("[") ? host.get().substring(1, host.get().length() - 1) : host.get();
        var address = new InetSocketAddress(bare, port);
        if (address.isUnresolved()) {
            throw new UserError("\"" + url + "\": the name " + bare + " cannot be resolved");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Url(new Destination(address, port == usual ? host.get() : host.get() + ":" + port, tls), path + query);
    }

    @Override
    public String toString() {
        return address instanceof UnixDomainSocketAddress unix ? UNIX + unix : (tls ? "https://" : "http://") + host;
    }
}

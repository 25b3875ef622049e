package io.selvage.server.proxy;

import io.selvage.server.http.Authority;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts of a URL of `proxy_pass`: `http://host:port/path`, `http://unix:/run/app.sock:/path`.
/// Immutable.
public final class ProxyUrl {
    private static final String UNIX = "unix:";
    private static final Set<String> SECURE = Set.of("https", "suwsgi", "grpcs");

    private final String scheme;
    private final String authority;
    private final String path;
    private final String host;
    private final boolean secure;
    private @Nullable Authority named;                     // made on first use; threads may race, all make the same

    /// @param scheme in lower case
    /// @param authority as [#authority] returns it
    /// @param path as [#path] returns it
    public ProxyUrl(String scheme, String authority, String path) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.secure = SECURE.contains(scheme);
        String suffix = ":" + defaultPort();
        this.host = isUnix() ? "localhost"
                : authority.endsWith(suffix) ? authority.substring(0, authority.length() - suffix.length()) : authority;
    }

    /// @throws IllegalArgumentException where there is no scheme or no host
    public static ProxyUrl parse(String url) {
        int scheme = url.indexOf("://");
        if (scheme <= 0) {
            throw new IllegalArgumentException("no scheme in the URL \"" + url + "\"");
        }
        int from = scheme + 3;
        int to = from;
        if (url.startsWith(UNIX, from)) {
            int colon = url.indexOf(':', from + UNIX.length());
            to = colon < 0 ? url.length() : colon;
        } else {
            while (to < url.length() && url.charAt(to) != '/' && url.charAt(to) != '?') {
                to++;
            }
        }
        if (to == from) {
            throw new IllegalArgumentException("no host in the URL \"" + url + "\"");
        }
        boolean colonBetween = to < url.length() && url.charAt(to) == ':';
        return new ProxyUrl(url.substring(0, scheme).toLowerCase(Locale.ROOT), url.substring(from, to),
                url.substring(colonBetween ? to + 1 : to));
    }

    /// In lower case; `https`, `suwsgi` and `grpcs` mean TLS.
    public String scheme() {
        return scheme;
    }

    /// The host with its port as written, or `unix:` and the path of a socket; the name of an upstream looks the same.
    public String authority() {
        return authority;
    }

    /// The part behind the authority; may be empty, or start with a question mark.
    public String path() {
        return path;
    }

    /// 443 for a scheme with TLS, 80 for the others.
    public int defaultPort() {
        return secure ? 443 : 80;
    }

    /// True if the peers speak TLS.
    boolean isSecure() {
        return secure;
    }

    /// The address to connect to, with the default port where none is written.
    public String address() {
        return isUnix() || authority.lastIndexOf(':') > authority.lastIndexOf(']') ? authority : authority + ":" + defaultPort();
    }

    /// The value of the `Host` field, `$proxy_host`: without the port where that is the default.
    public String host() {
        return host;
    }

    /// The host and the port, written or default.
    Authority named() {
        Authority known = named;
        if (known == null) {
            String hostOnly = isUnix() ? "localhost" : address().substring(0, address().lastIndexOf(':'));
            known = new Authority(hostOnly, isUnix() ? 0 : port());
            named = known;
        }
        return known;
    }

    /// @throws NumberFormatException where it is no number
    int port() {
        return Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    }

    private boolean isUnix() {
        return authority.startsWith(UNIX);
    }
}

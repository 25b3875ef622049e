package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The sites from which links may lead here (`valid_referers`). Not thread-safe while it is filled.
public final class ValidReferers {
    /// The longest name of a host.
    private static final int LONGEST_HOST = 256;
    private static final int SHORTEST = "http://i.ru".length();

    private final boolean missing;
    private final boolean blocked;
    private final HostNames<String> hosts = new HostNames<>();      // with the beginning of the path, or nothing
    private final List<Regex> ofHosts = new ArrayList<>();
    private final List<Regex> ofAddresses = new ArrayList<>();

    /// @param missing whether a request without the field is valid
    /// @param blocked whether a value is valid that does not begin with `http://` or `https://`, or is shorter than `http://i.ru`
    public ValidReferers(boolean missing, boolean blocked) {
        this.missing = missing;
        this.blocked = blocked;
    }

    /// @param path the beginning of the path; empty for any
    /// @return false if the name was added before
    public boolean add(SiteName name, String path) {
        if (name instanceof SiteName.Matching(var regex)) {
            ofHosts.add(regex);
            return true;
        }
        return hosts.add(name, path);
    }

    /// Adds an expression for the value behind its scheme.
    public void add(Regex regex) {
        ofAddresses.add(regex);
    }

    /// Whether there are any hosts or expressions. Without them everything is valid, as in nginx.
    public boolean isEmpty() {
        return hosts.isEmpty() && ofHosts.isEmpty() && ofAddresses.isEmpty();
    }

    /// True if the `Referer` of the request is one of these, or if nothing is configured here.
    public boolean isValid(Exchange exchange) {
        Optional<String> referer = exchange.headers().first("Referer");
        if (isEmpty()) {
            return true;
        }
        return referer.map(this::isValid).orElse(missing);
    }

    private boolean isValid(String referer) {
        int scheme = referer.length() < SHORTEST ? 0 : referer.regionMatches(true, 0, "http://", 0, 7) ? 7
                : referer.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        if (scheme == 0) {
            return blocked;
        }
        String address = referer.substring(scheme);
        int end = 0;
        while (end < address.length() && address.charAt(end) != '/' && address.charAt(end) != ':') {
            end++;
        }
        return end <= LONGEST_HOST && isValid(address.substring(0, end).toLowerCase(Locale.ROOT), address);
    }

    private boolean isValid(String host, String address) {
        String path = hosts.find(host);
        if (path != null) {
            int slash = address.indexOf('/');
            return path.isEmpty() || slash >= 0 && address.startsWith(path, slash);
        }
        return ofHosts.stream().anyMatch(regex -> regex.groups(host).isPresent())
                || ofAddresses.stream().anyMatch(regex -> regex.groups(address).isPresent());
    }
}

package io.selvage.server.wiring;

import io.selvage.server.net.ByteText;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// A request that is to be explained.
///
/// @param method such as `GET`
/// @param url `http://host:port/path?query`, `https://...`, or a path alone, which is for the first address that the
///     configuration listens on
/// @param fields of the head, each as `Name: value`; without `Host` among them, it is that of the URL
/// @param client where the connection would come from
public record ExplainRequest(String method, String url, List<String> fields, InetAddress client) {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    /// @throws IllegalArgumentException with the reason if this cannot be a request
    public ExplainRequest {
        fields = List.copyOf(fields);
        check(method.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}"), "\"" + method + "\" is no method");
        check(url.chars().allMatch(c -> c > ' ' && c != 0x7f), "the URL \"" + url + "\" contains a space or a control character");
        check(isPath(url) || url.startsWith(HTTP) || url.startsWith(HTTPS),
                "\"" + url + "\" is neither a URL that begins with http:// or https:// nor a path");
        check(isPath(url) || !authority(url).isEmpty(), "the URL \"" + url + "\" has no host");
        for (String field : fields) {
            check(field.indexOf(':') > 0, "\"" + field + "\" is no field: it must be written as \"Name: value\"");
            check(field.indexOf('\r') < 0 && field.indexOf('\n') < 0, "a field contains the end of a line");
        }
        check(isPath(url) || port(url) >= 0, "the URL \"" + url + "\" has no valid port");
    }

    private static boolean isPath(String url) {
        return url.startsWith("/") || url.equals("*");
    }

    private static void check(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }

    /// True if the URL names the address, rather than being a path alone.
    boolean isAbsolute() {
        return !isPath(url);
    }

    boolean isSecure() {
        return url.startsWith(HTTPS);
    }

    /// The host of the URL, without brackets.
    String host() {
        String authority = authority(url);
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        return (colon < 0 ? authority : authority.substring(0, colon)).replaceAll("[\\[\\]]", "");
    }

    int port() {
        return port(url);
    }

    private static String authority(String url) {
        String rest = url.substring(url.indexOf("//") + 2);
        return rest.replaceFirst("[/?].*", "");
    }

    /// -1 for an invalid one.
    private static int port(String url) {
        String authority = authority(url);
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        if (colon < 0) {
            return url.startsWith(HTTPS) ? 443 : 80;
        }
        String digits = authority.substring(colon + 1);
        return digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= 0xffff ? Integer.parseInt(digits) : -1;
    }

    /// The head of the request as a client sends it.
    byte[] head() {
        String target = isAbsolute() ? url.substring(url.indexOf("//") + 2).replaceFirst("^[^/?]*", "").replaceFirst("#.*", "")
                : url;
        StringBuilder head = new StringBuilder(method).append(' ').append(isPath(target) ? "" : "/").append(target)
                .append(" HTTP/1.1\r\n");
        if (fields.stream().noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("host:"))) {
            head.append("Host: ").append(isAbsolute() ? authority(url) : "localhost").append("\r\n");
        }
        fields.forEach(field -> head.append(field).append("\r\n"));
        return ByteText.encode(head.append("\r\n").toString()).getBytes(StandardCharsets.ISO_8859_1);
    }
}

package io.selvage.perf.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One kind of request, with the answer it should get. `headers` are whole lines such as `Accept: text/html`; `Host`,
/// `Content-Length` and `Connection` are added unless they are among them.
public record Request(String method, String path, List<String> headers, String body, Expectation expect) {
    public Request {
        requireToken(method);
        if (!path.startsWith("/") && !path.equals("*") || path.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new IllegalArgumentException("\"" + path
                    + "\" is not a path; a path starts with / and has no blanks");
        }
        headers = List.copyOf(headers);
        for (String line : headers) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.chars().anyMatch(c -> c < ' ' && c != '\t')) {
                throw new IllegalArgumentException("\"" + line + "\" is not a header; write 'Name: value'");
            }
            requireToken(line.substring(0, colon));
        }
    }

    /// A GET of `path` that succeeds with any status from 200 to 399.
    public static Request get(String path) {
        return new Request("GET", path, List.of(), "", Expectation.SUCCESS);
    }

    /// A copy with another expected answer.
    public Request withExpect(Expectation expectation) {
        return new Request(method, path, headers, body, expectation);
    }

    /// The encoded request, with the body in UTF-8. With `close` it contains `Connection: close`.
    public byte[] encode(String host, boolean close) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        if (!has("host")) {
            head.append("Host: ").append(host).append("\r\n");
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (!has("content-length") && (content.length > 0 || method.equals("POST") || method.equals("PUT"))) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        if (close && !has("connection")) {
            head.append("Connection: close\r\n");
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    private boolean has(String name) {
        return headers.stream().anyMatch(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    }

    private static void requireToken(String word) {
        if (word.isEmpty() || !word.chars().allMatch(Request::isTokenCharacter)) {
            throw new IllegalArgumentException("\"" + word + "\" is not an HTTP token");
        }
    }

    /// RFC 9110 §5.6.2.
    static boolean isTokenCharacter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}

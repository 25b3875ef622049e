package io.selvage.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One request to a site, from a line such as `GET /path ; Field: value ; body=text`. It goes to the port with TLS if a part is
/// `https`.
///
/// @param line the line, for messages
/// @param fields lines without their ends
/// @param ignored what is not compared in the answers: `body`, or the name of a field in lower case
/// @param secure whether it is sent with TLS
record SiteRequest(String line, String method, String target, List<String> fields, String body, List<String> ignored,
        boolean secure) {
    static SiteRequest parse(String line) {
        String[] parts = line.split(" ; ");
        int space = parts[0].indexOf(' ');
        var fields = new ArrayList<String>();
        var ignored = new ArrayList<String>();
        String body = "";
        boolean secure = false;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("body=")) {
                body = part.substring(5);
            } else if (part.equals("https")) {
                secure = true;
            } else if (part.startsWith("~")) {
                ignored.add(part.substring(1).toLowerCase(Locale.ROOT));
            } else {
                fields.add(part);
            }
        }
        return new SiteRequest(line, parts[0].substring(0, space), parts[0].substring(space + 1).strip(), fields, body, ignored,
                secure);
    }

    /// The host that it is for.
    String host() {
        return fields.stream().filter(field -> field.startsWith("Host: ")).map(field -> field.substring(6)).findFirst()
                .orElse("example.com");
    }

    /// The request on the wire. It asks to close the connection unless it has a field `Connection` of its own.
    String text() {
        var text = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        if (!has("host")) {
            text.append("Host: example.com\r\n");
        }
        fields.forEach(field -> text.append(field).append("\r\n"));
        if (!has("connection")) {
            text.append("Connection: close\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    private boolean has(String name) {
        return fields.stream().anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith(name + ":"));
    }
}

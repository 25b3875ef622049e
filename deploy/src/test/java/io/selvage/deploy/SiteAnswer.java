package io.selvage.deploy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

/// The answer to a [SiteRequest], without what may differ between two servers: who they are, when they answered, on which port,
/// how they spell an entity tag, and how well they compress. A time in `Expires` is compared as the seconds after `Date`.
final class SiteAnswer {
    private static final Set<String> NOT_COMPARED = Set.of("server", "date", "keep-alive");
    private static final Pattern SIGNATURE = Pattern.compile("<center>(?:nginx|[Ss]elvage)[^<]*</center>");
    private static final Pattern TAG = Pattern.compile("(?i)^(etag: (?:W/)?)\".*\"$");
    private static final Pattern GENERATED = Pattern.compile("\\b[0-9a-f]{32}\\b");
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(730);

    private SiteAnswer() {
    }

    /// The status, the fields in alphabetic order, and the body.
    ///
    /// @param port for requests without TLS
    /// @param tlsPort for requests with TLS
    static String ask(int port, int tlsPort, SiteRequest request) throws IOException {
        try (var http = request.secure() ? RawHttp.secure(tlsPort, request.host()) : new RawHttp(port)) {
            http.send(request.text());
            RawHttp.Head head = http.head();
            boolean empty = request.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
            byte[] body = empty ? new byte[0] : http.body(head);
            return text(request, head, body).replace(Integer.toString(port), "PORT")
                    .replace(Integer.toString(tlsPort), "TLS-PORT");
        } catch (EOFException | SocketException _) {
            return "closed without an answer";
        }
    }

    private static String text(SiteRequest request, RawHttp.Head head, byte[] body) throws IOException {
        boolean builtIn = SIGNATURE.matcher(new String(body, ISO_8859_1)).find();
        boolean gzip = head.value("content-encoding").equals("gzip");
        var lines = new TreeSet<String>();
        for (String field : head.fields()) {
            String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
            boolean ofLength = (gzip || builtIn) && (name.equals("content-length") || name.equals("transfer-encoding"));
            if (!NOT_COMPARED.contains(name) && !ofLength && !request.ignored().contains(name)) {
                lines.add(name.equals("expires") ? "Expires: " + lifetime(head) : TAG.matcher(field).replaceFirst("$1\"TAG\""));
            }
        }
        String content = new String(gzip && body.length > 0 ? unzip(body) : body, ISO_8859_1);
        content = GENERATED.matcher(SIGNATURE.matcher(content).replaceAll("<center>SERVER</center>")).replaceAll("ID");
        return head.status() + "\n" + String.join("\n", lines) + "\n\n" + (request.ignored().contains("body") ? "" : content);
    }

    /// Seconds from `Date` to `Expires`, rounded to ten of them: a server may write the two fields on both sides of a second's
    /// end. The field as it is where one of the two is no time, or where they are years apart: `expires max` and `expires epoch`
    /// name times that do not depend on the clock.
    private static String lifetime(RawHttp.Head head) {
        try {
            Duration lifetime = Duration.between(time(head.value("date")), time(head.value("expires")));
            return lifetime.abs().compareTo(LONGEST_LIFETIME) > 0 ? head.value("expires")
                    : "Date + " + Math.round(lifetime.toSeconds() / 10.0) * 10 + " s";
        } catch (DateTimeParseException _) {
            return head.value("expires");
        }
    }

    private static Instant time(String field) {
        return RFC_1123_DATE_TIME.parse(field, Instant::from);
    }

    private static byte[] unzip(byte[] body) throws IOException {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return unzipped.readAllBytes();
        }
    }
}

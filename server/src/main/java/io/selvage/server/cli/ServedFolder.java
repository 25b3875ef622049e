package io.selvage.server.cli;

import io.selvage.server.tls.SelfSignedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The configuration that `serve` uses.
///
/// @param folder an absolute path
/// @param listen the argument of `listen`
/// @param https the name in the certificate; empty to serve without TLS
/// @param upstreams URLs, all with one scheme
record ServedFolder(Path folder, String listen, Optional<String> https, List<String> upstreams) {
    private static final Duration CERTIFICATE_VALID = Duration.ofDays(90);

    ServedFolder {
        if (folder.toString().contains("$")) {
            throw new IllegalArgumentException("a folder with a dollar sign in its name cannot be served: " + folder);
        }
        Set<String> schemes = upstreams.stream().map(ServedFolder::scheme).collect(Collectors.toSet());
        if (schemes.size() > 1) {
            throw new IllegalArgumentException("upstreams must use either http or uwsgi, not both");
        }
        upstreams = List.copyOf(upstreams);
    }

    private static String scheme(String upstream) {
        String scheme = upstream.substring(0, Math.max(0, upstream.indexOf("://")));
        if (!scheme.equals("http") && !scheme.equals("uwsgi")) {
            throw new IllegalArgumentException("an upstream must begin with http:// or uwsgi://, unlike \"" + upstream + "\"");
        }
        return scheme;
    }

    String configuration() {
        String site = """
                server {
                    listen %s;
                    %s
                    root "%s";
                    sendfile on;
                    location / {
                        %s
                    }
                    %s
                }
                """;
        if (upstreams.isEmpty()) {
            return site.formatted(address(), certificate(), quoted(folder), "", "");
        }
        return group() + site.formatted(address(), certificate(), quoted(folder),
                "try_files $uri $uri/index.html @application;", application());
    }

    private String address() {
        return https.isPresent() ? listen + " ssl" : listen;
    }

    /// A new certificate, in the configuration itself.
    private String certificate() {
        return https.map(name -> {
            List<String> names = Stream.of(name, "localhost", "127.0.0.1", "::1").distinct().toList();
            var made = SelfSignedCertificate.of(names, Instant.now().truncatedTo(ChronoUnit.SECONDS), CERTIFICATE_VALID);
            return "ssl_certificate \"data:" + made.certificatePem() + "\";\n"
                    + "ssl_certificate_key \"data:" + made.keyPem() + "\";";
        }).orElse("");
    }

    private String group() {
        StringBuilder group = new StringBuilder("upstream application {\n");
        for (String upstream : upstreams) {
            group.append("    server ").append(upstream.substring(upstream.indexOf("://") + 3)).append(";\n");
        }
        return group.append("}\n").toString();
    }

    private String application() {
        boolean uwsgi = upstreams.getFirst().startsWith("uwsgi://");
        return uwsgi
                ? """
                location @application {
                        include uwsgi_params;
                        uwsgi_pass application;
                    }"""
                : """
                location @application {
                        include proxy_params;
                        proxy_pass http://application;
                    }""";
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}

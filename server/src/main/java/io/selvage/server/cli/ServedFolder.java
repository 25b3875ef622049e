package io.selvage.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The configuration that `serve` uses.
///
/// @param folder an absolute path
/// @param listen the argument of `listen`
/// @param https whether TLS is used, and with which certificate
/// @param upstreams URLs, all with one scheme
/// @param admin the directive of that name; empty for none
record ServedFolder(Path folder, String listen, HttpsOptions https, List<String> upstreams, String admin) {
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
            return admin + https.before() + site.formatted(address(), https.inside(), quoted(folder), "", "") + https.after();
        }
        return admin + https.before() + group() + site.formatted(address(), https.inside(), quoted(folder),
                "try_files $uri $uri/index.html @application;", application()) + https.after();
    }

    private String address() {
        return https.isUsed() ? listen + " ssl" : listen;
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

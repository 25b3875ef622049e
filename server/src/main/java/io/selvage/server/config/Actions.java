package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads what answers: `return`, `try_files`, `proxy_pass`, `uwsgi_pass`, and files when there is none of them.
final class Actions {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String HTTP = "http://";

    private Actions() {}

    static Action read(Scope scope, LocationMatch match) {
        List<Action> returns = scope.here("return").stream().map(Actions::answer).toList();
        Action content = content(scope, match);
        List<Action> tries = scope.here("try_files").stream().map(line -> tryFiles(line, content)).toList();
        if (!returns.isEmpty()) {
            return returns.getFirst();
        }
        return tries.isEmpty() ? content : tries.getFirst();
    }

    private static Action content(Scope scope, LocationMatch match) {
        Action content = new Action.Files();
        List<Line> lines = scope.here(Set.of("proxy_pass", "uwsgi_pass"));
        for (Line line : lines) {
            content = line.name().equals("proxy_pass") ? proxy(line, match) : new Action.Uwsgi(uwsgi(line.argument(0)));
        }
        if (lines.size() > 1) {
            Line last = lines.getLast();
            last.warning("\"" + last.name() + "\" takes the place of \"" + lines.getFirst().name() + "\"");
        }
        return content;
    }

    private static Action answer(Line line) {
        Argument first = line.argument(0);
        if (line.count() == 1 && Values.number(first.text()).isEmpty()) {
            if (!first.text().matches("(?i)(https?://|\\$scheme).*")) {
                first.refuse("a status code or a URL");
            }
            return new Action.Redirect(302, first.template());
        }
        int code = first.number(0, 999);
        if (line.count() == 1) {
            return REDIRECTS.contains(code) ? new Action.Redirect(code, Template.EMPTY) : new Action.Status(code);
        }
        Template text = line.argument(1).template();
        return REDIRECTS.contains(code) ? new Action.Redirect(code, text) : new Action.Text(code, text);
    }

    private static Action tryFiles(Line line, Action then) {
        var candidates = new ArrayList<Action.Candidate>();
        for (Argument argument : line.arguments().subList(0, line.count() - 1)) {
            boolean folder = argument.text().endsWith("/");
            String path = argument.text();
            candidates.add(new Action.Candidate(
                    argument.with(folder ? path.substring(0, path.length() - 1) : path).template(), folder));
        }
        return new Action.TryFiles(candidates, fallback(line.argument(line.count() - 1)), then);
    }

    private static Action.Fallback fallback(Argument last) {
        if (last.text().startsWith("=")) {
            return new Action.Fallback.Code(last.with(last.text().substring(1)).number(0, 999));
        }
        return last.text().startsWith("@") ? new Action.Fallback.Named(last.text()) : new Action.Fallback.Path(last.template());
    }

    private static Action proxy(Line line, LocationMatch match) {
        Argument url = line.argument(0);
        if (url.text().contains("$")) {
            return new Action.Proxy(new PassTarget.Computed(url.template()), "", "");
        }
        if (!url.text().toLowerCase(Locale.ROOT).startsWith(HTTP)) {
            if (url.text().toLowerCase(Locale.ROOT).startsWith("https://")) {
                url.notBuilt();
            } else {
                url.refuse("a URL that begins with \"http://\"");
            }
            return new Action.Files();
        }
        String rest = url.text().substring(HTTP.length());
        int path = pathStart(rest);
        if (path < rest.length() && (match instanceof LocationMatch.Regular || match instanceof LocationMatch.Named)) {
            url.problem("\"proxy_pass\" may not have a path in a location with a regular expression or a name");
        }
        int end = rest.startsWith("unix:") && rest.charAt(path - 1) == ':' ? path - 1 : path;
        PassTarget target = PassTarget.read(url.with(rest.substring(0, end)), 80);
        return new Action.Proxy(target, authority(target), rest.substring(path));
    }

    /// Where the path begins that replaces what the location matched: behind the second colon of a unix socket, else at a slash.
    private static int pathStart(String rest) {
        if (rest.startsWith("unix:")) {
            int colon = rest.indexOf(':', 5);
            return colon < 0 ? rest.length() : colon + 1;
        }
        return (int) rest.chars().takeWhile(c -> c != '/' && c != '?').count();
    }

    private static String authority(PassTarget target) {
        return switch (target) {
            case PassTarget.Peer(Address.Inet(var host, int port)) when port == 80 ->
                host.contains(":") ? "[" + host + "]" : host;
            case PassTarget.Peer(Address.Unix _) -> "localhost";
            case PassTarget _ -> target.written();
        };
    }

    private static PassTarget uwsgi(Argument argument) {
        String text = argument.text();
        if (text.contains("$")) {
            return new PassTarget.Computed(argument.template());
        }
        if (text.startsWith("suwsgi://")) {
            argument.notBuilt();
        }
        return PassTarget.read(argument.with(text.replaceFirst("^s?uwsgi://", "")), -1);
    }
}

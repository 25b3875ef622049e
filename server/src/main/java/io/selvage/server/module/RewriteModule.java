package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.files.MimeTypes;
import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.route.Redirects;
import io.selvage.server.route.Return;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What answers before anything else, and how the server writes its own redirects.
final class RewriteModule implements Module {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /// @param returns the first one answers
    record RewriteSettings(
            @Setting(value = "return", in = "server location", also = "if", inherited = false,
                    doc = "Responds with a status, a text or a redirect.") List<ReturnLine> returns,
            @Setting(value = "internal", in = "location", doc = "Allows internal redirects only; other requests get 404.")
                    boolean internal) {
        RewriteSettings {
            returns = List.copyOf(returns);
        }
    }

    /// What the redirects look like that the server makes by itself.
    record RedirectSettings(
            @Setting(value = "absolute_redirect on", doc = "Sends the server's own redirects with scheme and host.")
                    boolean absolute,
            @Setting(value = "server_name_in_redirect off", doc = "Uses the site's first name as the host of redirects.")
                    boolean serverName,
            @Setting(value = "port_in_redirect on",
                    doc = "Sends redirects with the port, if it is not the default.") boolean port) {
    }

    /// `return`
    ///
    /// @param status 444 closes the connection without an answer
    /// @param text a body, or where a redirect goes; nothing for the page that the server has for the status
    record ReturnLine(Status status, Optional<Text> text) {
        static ReturnLine read(Line line) {
            Argument first = line.argument(0);
            if (line.count() == 1 && Values.number(first.text()).isEmpty()) {
                if (!first.text().matches("(?i)(https?://|\\$scheme).*")) {
                    first.refuse("a status code or a URL");
                }
                return new ReturnLine(Status.FOUND, Optional.of(first.template()));
            }
            Status status = first.status(0, 999);
            if (line.count() == 1) {
                return new ReturnLine(status, isRedirect(status) ? Optional.of(Template.EMPTY) : Optional.empty());
            }
            return new ReturnLine(status, Optional.of(line.argument(1).template()));
        }

        private static boolean isRedirect(Status status) {
            return REDIRECTS.contains(status.code());
        }

        private Return filter(MimeTypes types) {
            return text.map(body -> new Return(status, body, types)).orElseGet(() -> Return.bare(status));
        }

        private List<String> words() {
            String code = Integer.toString(status.code());
            return text.filter(body -> !isRedirect(status) || !body.equals(Template.EMPTY))
                    .map(body -> List.of(code, body.toString())).orElse(List.of(code));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(RewriteSettings.class, Contexts.SERVER, Contexts.LOCATION)
                .settings(RedirectSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(ReturnLine.class, Codec.line(1, 2, ReturnLine::read, ReturnLine::words));
    }

    @Override
    public void assemble(LocationBuilder location) {
        RewriteSettings set = location.get(RewriteSettings.class);
        if (set.internal) {
            location.internal();
        }
        if (!set.returns.isEmpty()) {
            location.rewrite(set.returns.getFirst().filter(location.get(FileModule.FileSettings.class).media().mimeTypes()));
        }
        RedirectSettings redirects = location.get(RedirectSettings.class);
        location.redirects(new Redirects(redirects.absolute, redirects.serverName, redirects.port));
    }
}

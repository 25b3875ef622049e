package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Template;
import io.selvage.server.route.AuthRequest;
import java.util.List;

/// Access by the answer of another URI.
final class AuthRequestModule implements Module {

    record AuthRequestSettings(
            @Setting(value = "auth_request off", doc = "Allows a request if another URI of the site answers with a status 2xx.")
                    AuthUri uri,
            @Setting(value = "auth_request_set", doc = "Sets a variable when the answer to `auth_request` is there.")
                    List<AssignmentLine> variables) {
        AuthRequestSettings {
            variables = List.copyOf(variables);
        }
    }

    /// `auth_request`; empty for `off`.
    record AuthUri(String path) {
        static AuthUri read(Argument argument) {
            return new AuthUri(argument.is("off") ? "" : argument.text());
        }

        String word() {
            return path.isEmpty() ? "off" : path;
        }
    }

    /// `auth_request_set`
    record AssignmentLine(String name, Template value) implements Printable {
        static AssignmentLine read(Line line) {
            return new AssignmentLine(line.argument(0).assigned(), line.argument(1).template());
        }

        @Override
        public List<String> words() {
            return List.of("$" + name, value.toString());
        }

        private AuthRequest.Assignment compiled() {
            return new AuthRequest.Assignment(RewriteModule.target(name), value);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(AuthRequestSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(AuthUri.class, Codec.word(AuthUri::read, AuthUri::word))
                .codec(AssignmentLine.class, Codec.line(2, 2, AssignmentLine::read));
    }

    @Override
    public void assemble(LocationBuilder location) {
        AuthRequestSettings set = location.get(AuthRequestSettings.class);
        if (!set.uri.path.isEmpty()) {
            location.access(new AuthRequest(set.uri.path, set.variables.stream().map(AssignmentLine::compiled).toList()));
        }
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Values;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.route.Replacement;
import io.selvage.server.route.RewritePath.Then;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A directive that changes where a request goes. Those of a block run in the order in which they are written.
sealed interface RewriteCommand {

    /// Reads all lines of a block.
    static List<RewriteCommand> readAll(List<Line> lines) {
        return lines.stream().map(RewriteCommand::read).toList();
    }

    private static RewriteCommand read(Line line) {
        return switch (line.name()) {
            case "set" -> Assign.read(line);
            case "break" -> new Leave();
            case "return" -> Respond.read(line);
            case "if" -> new Test(IfCondition.read(line));
            default -> Replace.read(line);
        };
    }

    static List<Directive> writeAll(List<RewriteCommand> commands) {
        return commands.stream().map(RewriteCommand::write).toList();
    }

    Directive write();

    /// `set`
    ///
    /// @param name of the variable, without its dollar sign
    record Assign(String name, Template value) implements RewriteCommand {
        static Assign read(Line line) {
            Argument variable = line.argument(0);
            return new Assign(variable.assigned(), line.argument(1).template());
        }

        @Override
        public Directive write() {
            return Directive.of("set", List.of("$" + name, value.toString()));
        }
    }

    /// `break`
    record Leave() implements RewriteCommand {
        @Override
        public Directive write() {
            return Directive.of("break", List.of());
        }
    }

    /// `if`. Its block is a section of its own.
    record Test(IfCondition condition) implements RewriteCommand {
        @Override
        public Directive write() {
            return Directive.block("if", condition.words(), List.of());
        }
    }

    /// `return`
    ///
    /// @param status 444 closes the connection without an answer
    /// @param text a body, or where a redirect goes; nothing for the page that the server has for the status
    record Respond(Status status, Optional<Text> text) implements RewriteCommand {
        private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

        static Respond read(Line line) {
            Argument first = line.argument(0);
            if (line.count() == 1 && Values.number(first.text()).isEmpty()) {
                if (!first.text().matches("(?i)(https?://|\\$scheme).*")) {
                    first.refuse("a status code or a URL");
                }
                return new Respond(Status.FOUND, Optional.of(first.template()));
            }
            Status status = first.status(0, 999);
            if (line.count() == 1) {
                return new Respond(status, isRedirect(status) ? Optional.of(Template.EMPTY) : Optional.empty());
            }
            Template text = line.argument(1).template();
            return new Respond(status, text.isEmpty() && !isRedirect(status) ? Optional.empty() : Optional.of(text));
        }

        private static boolean isRedirect(Status status) {
            return REDIRECTS.contains(status.code());
        }

        @Override
        public Directive write() {
            String code = Integer.toString(status.code());
            return Directive.of("return", text.filter(body -> !isRedirect(status) || !body.equals(Template.EMPTY))
                    .map(body -> List.of(code, body.toString())).orElse(List.of(code)));
        }
    }

    /// `rewrite`
    ///
    /// @param redirect the status of a redirect of the client; empty to go on inside the server
    record Replace(Regex regex, Replacement replacement, Then then, Optional<Status> redirect) implements RewriteCommand {
        static Replace read(Line line) {
            Argument target = line.argument(1);
            if (target.text().isEmpty()) {
                target.refuse("a path or a URL");
            }
            Then then = Then.NEXT;
            Optional<Status> redirect = target.text().matches("(https?://|\\$scheme).*")
                    ? Optional.of(Status.FOUND) : Optional.empty();
            if (line.count() == 3) {
                Argument flag = line.argument(2);
                switch (flag.text()) {
                    case "last" -> then = Then.LAST;
                    case "break" -> then = Then.BREAK;
                    case "redirect" -> redirect = Optional.of(Status.FOUND);
                    case "permanent" -> redirect = Optional.of(Status.MOVED_PERMANENTLY);
                    default -> flag.refuse("\"last\", \"break\", \"redirect\" or \"permanent\"");
                }
            }
            Regex regex = Regexes.read(line.argument(0), false);
            return new Replace(regex, Replacement.of(target.template()), then, redirect);
        }

        @Override
        public Directive write() {
            List<String> words = new ArrayList<>(List.of(regex.source(), replacement.written().toString()));
            if (redirect.isPresent()) {
                words.add(redirect.get().equals(Status.FOUND) ? "redirect" : "permanent");
            } else if (then != Then.NEXT) {
                words.add(Argument.written(then));
            }
            return Directive.of("rewrite", words);
        }
    }
}

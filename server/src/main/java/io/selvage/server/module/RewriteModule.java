package io.selvage.server.module;

import io.selvage.cache.FileCache;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.files.MimeTypes;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Variable;
import io.selvage.server.http.Warnings;
import io.selvage.server.http.WritableVariable;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.Break;
import io.selvage.server.route.If;
import io.selvage.server.route.LimitExcept;
import io.selvage.server.route.Location;
import io.selvage.server.route.Redirects;
import io.selvage.server.route.Return;
import io.selvage.server.route.Rewrite;
import io.selvage.server.route.RewritePath;
import io.selvage.server.route.RewriteRedirect;
import io.selvage.server.route.SetVariable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Where requests go before anything answers, and how the server writes its own redirects.
final class RewriteModule implements Module {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS",
            "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH");

    /// @param commands in their order
    record RewriteSettings(
            @Setting(value = "rewrite", in = "server location", also = "if-in-server if", inherited = false, arguments = "2-3",
                    doc = "Replaces the path, or redirects, if a regular expression matches the path.",
                    or = {
                        @Setting.Or(value = "return", in = "server location", also = "if-in-server if", arguments = "1-2",
                                doc = "Responds with a status, a text or a redirect."),
                        @Setting.Or(value = "set", in = "server location", also = "if-in-server if", arguments = "2",
                                doc = "Sets a variable."),
                        @Setting.Or(value = "break", in = "server location", also = "if-in-server if", arguments = "0",
                                doc = "Ends the processing of the rewrite directives."),
                        @Setting.Or(value = "if", in = "server location", arguments = "1+", block = true,
                                doc = "Runs rewrite directives and applies other settings under a condition.")
                    }) List<RewriteCommand> commands) {
        RewriteSettings {
            commands = List.copyOf(commands);
        }
    }

    record RewriteOptions(
            @Setting(value = "rewrite_log off", also = "if-in-server if",
                    doc = "Logs rewrites to the error log, at level `notice`.") boolean log,
            @Setting(value = "uninitialized_variable_warn on", also = "if-in-server if",
                    doc = "Logs the use of variables that were not set.") boolean warn) {
    }

    record InternalSettings(
            @Setting(value = "internal", in = "location", doc = "Allows internal redirects only; other requests get 404.")
                    boolean internal) {
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

    @Override
    public Directives directives() {
        return new Directives()
                .settings(RewriteSettings.class, Contexts.SERVER, Contexts.LOCATION, Contexts.IF_IN_SERVER)
                .settings(RewriteOptions.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION, Contexts.IF_IN_SERVER)
                .settings(InternalSettings.class, Contexts.LOCATION)
                .settings(RedirectSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .block("limit_except", Shape.of(1, Integer.MAX_VALUE), "Applies other settings to all methods but some.",
                        Contexts.LOCATION)
                .part(Contexts.IF, Contexts.LOCATION)
                .part(Contexts.LIMIT_EXCEPT, Contexts.LOCATION)
                .collection(RewriteCommand.class, Codec.lines(Shape.of(0, Integer.MAX_VALUE).repeated(), RewriteCommand::readAll,
                        (_, commands) -> RewriteCommand.writeAll(commands)))
                .check(main -> main.inside(Contexts.HTTP).forEach(http ->
                        http.inside(Contexts.SERVER).forEach(RewriteModule::checkMethods)));
    }

    private static void checkMethods(Section outer) {
        for (Section location : outer.inside(Contexts.LOCATION)) {
            location.inside(Contexts.LIMIT_EXCEPT).forEach(limit -> methods(limit.line()));
            checkMethods(location);
        }
    }

    /// The methods of `limit_except`; GET stands for HEAD, too.
    private static Set<String> methods(Line line) {
        for (Argument method : line.arguments()) {
            if (!METHODS.contains(method.text().toUpperCase(Locale.ROOT))) {
                method.problem("invalid method \"" + method.text() + "\"");
            }
        }
        Set<String> methods = line.arguments().stream().map(method -> method.text().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    @Override
    public void assemble(LocationBuilder location) {
        if (!location.isSite() && location.get(InternalSettings.class).internal) {
            location.internal();
        }
        RedirectSettings redirects = location.get(RedirectSettings.class);
        location.redirects(new Redirects(redirects.absolute, redirects.serverName, redirects.port));
        RewriteOptions options = location.get(RewriteOptions.class);
        location.warnings(warnings(options, location));
        for (Section limit : location.inside(Contexts.LIMIT_EXCEPT)) {
            location.rewrite(new LimitExcept(methods(limit.line()), location.part(limit)));
        }
        new Compiler(location, options).compile(location.get(RewriteSettings.class).commands,
                location.inside(location.isSite() ? Contexts.IF_IN_SERVER : Contexts.IF)).forEach(location::rewrite);
    }

    private static Warnings warnings(RewriteOptions options, LocationBuilder location) {
        ErrorLog log = location.errorLog();
        return options.warn ? (exchange, message) -> log.log(Severity.WARN, exchange, message) : Warnings.NONE;
    }

    /// The variable of a name, for directives that set it.
    static SetVariable.Target target(String name) {
        Variable known = Modules.VARIABLES.find(name).orElse(_ -> Optional.empty());
        return known instanceof WritableVariable writable ? writable::set
                : (exchange, value) -> exchange.routing().setVariable(name, value);
    }

    /// Makes what runs of the commands of one site or location.
    private record Compiler(LocationBuilder location, ErrorLog log, MimeTypes types, FileCache files) {
        Compiler(LocationBuilder location, RewriteOptions options) {
            this(location, options.log ? location.errorLog() : ErrorLog.SILENT,
                    location.get(FileModule.FileSettings.class).media().mimeTypes(), FileModule.cache(location));
        }

        /// @param ifs the blocks of those commands that have one, in their order
        List<Rewrite> compile(List<RewriteCommand> commands, List<Section> ifs) {
            Iterator<Section> blocks = ifs.iterator();
            List<Rewrite> rewrites = new ArrayList<>();
            for (RewriteCommand command : commands) {
                rewrites.add(switch (command) {
                    case RewriteCommand.Assign(var name, var value) -> new SetVariable(name, target(name), value);
                    case RewriteCommand.Leave() -> new Break();
                    case RewriteCommand.Respond(var status, var text) ->
                        text.map(body -> new Return(status, body, types)).orElseGet(() -> Return.bare(status, types));
                    case RewriteCommand.Replace replace -> compile(replace);
                    case RewriteCommand.Test(var condition) -> compile(condition, blocks.next());
                });
            }
            return rewrites;
        }

        private Rewrite compile(RewriteCommand.Replace replace) {
            return replace.redirect().isPresent()
                    ? new RewriteRedirect(replace.regex(), replace.replacement(), replace.redirect().get(), log)
                    : new RewritePath(replace.regex(), replace.replacement(), replace.then(), log);
        }

        private Rewrite compile(IfCondition condition, Section block) {
            if (location.isSite()) {
                RewriteOptions options = block.get(RewriteOptions.class);
                List<Rewrite> inside = new ArrayList<>();
                inside.add(warning(options, location));
                inside.addAll(new Compiler(location, options).compile(block.get(RewriteSettings.class).commands, List.of()));
                return new If(condition.compiled(files), inside, Optional.empty());
            }
            Location settings = location.part(block);
            return new If(condition.compiled(files), settings.rewrites(), Optional.of(settings));
        }

        /// Applies `uninitialized_variable_warn` of a block that has no other settings.
        private static Rewrite warning(RewriteOptions options, LocationBuilder location) {
            Warnings warnings = warnings(options, location);
            return (exchange, _) -> {
                exchange.routing().warnings(warnings);
                return FilterResult.CONTINUE;
            };
        }
    }
}

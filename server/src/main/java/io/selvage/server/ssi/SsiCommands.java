package io.selvage.server.ssi;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.InternalUri;
import io.selvage.server.http.Regex;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.Subrequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs the commands of one page, one after the other. Used by the thread of the exchange.
final class SsiCommands {
    private static final String NONE = "(none)";
    private static final int PIECE = 4096;

    /// What stands in the place of a command.
    sealed interface Output {
    }

    /// @param text each `char` is one byte; empty for nothing
    record Text(String text) implements Output {
    }

    /// The body of another answer, which is closed when it was read.
    ///
    /// @param stub takes the place of an empty body; commands in it are run as those of that answer
    record Included(Subrequest answer, String stub) implements Output {
    }

    private static final Output NOTHING = new Text("");

    private final Exchange exchange;
    private final SsiOptions options;
    private final SsiPage page;
    private final SsiConfig config;
    private final SsiBranches branches = new SsiBranches();
    private List<String> captures = List.of();
    private @Nullable String blockName;                    // of the block that is being defined
    private final StringBuilder block = new StringBuilder();

    SsiCommands(Exchange exchange, SsiOptions options) {
        this.exchange = exchange;
        this.options = options;
        this.page = SsiPage.of(exchange);
        this.config = SsiConfig.of(exchange);
    }

    /// Whether the text of the page goes to the client now.
    boolean isShown() {
        return blockName == null && branches.isShown();
    }

    /// Takes text that is not shown: the content of a block, or of a branch that is not chosen.
    void hide(String text) {
        if (blockName != null && block.length() <= SsiPage.MOST_BLOCKS) {
            block.append(text);
        }
    }

    /// Runs a command.
    ///
    /// @param text the command as written
    /// @throws Failure if the client has gone
    Output run(SsiCommand command, String text) throws Failure {
        if (blockName != null && !command.is("endblock")) {
            hide(text);
            return NOTHING;
        }
        if (!branches.isShown() && !SsiBranches.isBranch(command)) {
            return NOTHING;
        }
        try {
            Optional<String> problem = command.problem();
            if (problem.isPresent()) {
                throw new SsiError(problem.get());
            }
            return output(command);
        } catch (SsiError e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    /// What stands in the place of what is no command.
    ///
    /// @param text of it
    Output malformed(String problem, String text) {
        if (isShown()) {
            return failed(problem);
        }
        hide(text);
        return NOTHING;
    }

    private Output failed(String why) {
        options.errors().log(Severity.ERROR, exchange, why);
        return options.silent() ? NOTHING : new Text(config.errorMessage());
    }

    private Output output(SsiCommand command) throws SsiError, Failure {
        switch (command.name()) {
            case "if" -> branches.begin(() -> isTrue(command));
            case "elif" -> branches.otherwise(() -> isTrue(command));
            case "else" -> branches.otherwise();
            case "endif" -> branches.end();
            case "block" -> blockName = command.required("name");
            case "endblock" -> endBlock();
            case "set" -> set(command.required("var"), evaluated(command.required("value")));
            case "config" -> {
                command.value("errmsg").ifPresent(config::errorMessage);
                command.value("timefmt").ifPresent(config::timeFormat);
            }
            case "echo" -> {
                return echo(command);
            }
            default -> {
                return include(command);
            }
        }
        return NOTHING;
    }

    private void endBlock() throws SsiError {
        String name = blockName;
        if (name == null) {
            return;
        }
        blockName = null;
        boolean fits = page.define(name, block.toString());
        block.setLength(0);
        if (!fits) {
            throw new SsiError("the blocks of the page are larger than " + SsiPage.MOST_BLOCKS + " bytes");
        }
    }

    private boolean isTrue(SsiCommand command) throws SsiError {
        SsiCondition condition = SsiCondition.parse(command.required("expr"));
        return condition.isTrue(evaluated(condition.left()), evaluated(condition.right()), this::matches);
    }

    /// Looks for an expression. Its groups are variables of the page then: `$1`, and those with names.
    private boolean matches(Regex regex, String text) {
        List<String> before = exchange.routing().captures();
        boolean found = regex.capture(text, exchange);
        if (found) {
            captures = exchange.routing().captures();
            regex.names().forEach(name -> exchange.routing().variable(name).ifPresent(value -> page.set(name, value)));
        }
        exchange.routing().captures(before);
        return found;
    }

    private Output echo(SsiCommand command) {
        Optional<String> value = variable(command.required("var").toLowerCase(Locale.ROOT));
        String text = value.orElseGet(() -> command.value("default").orElse(NONE));
        String encoded = switch (command.value("encoding").orElse("entity")) {
            case "none" -> text;
            case "url" -> Encodings.url(text);
            default -> Encodings.entities(text);
        };
        return new Text(encoded);
    }

    private void set(String name, String value) throws SsiError {
        if (!page.set(name.toLowerCase(Locale.ROOT), value)) {
            throw new SsiError("too many variables in the commands of the page");
        }
    }

    private Output include(SsiCommand command) throws SsiError, Failure {
        InternalUri uri = uri(command);
        Optional<String> set = command.value("set");
        Optional<String> stub = command.value("stub");
        if (set.isPresent() && stub.isPresent()) {
            throw new SsiError("\"set\" and \"stub\" cannot be used together in \"include\" SSI command");
        }
        if (set.isEmpty()) {
            String inPlace = stub.isPresent() ? block(stub.get()) : "";
            return new Included(open(uri, stub.isPresent()), inPlace);
        }
        try (Subrequest answer = open(uri, false)) {
            set(set.get(), answer.status().code() < 300 ? content(answer) : "");
        }
        return NOTHING;
    }

    private String block(String name) throws SsiError {
        return page.block(name).orElseThrow(() -> new SsiError("\"stub\"=\"" + name + "\" for \"include\" not found"));
    }

    private InternalUri uri(SsiCommand command) throws SsiError {
        Optional<String> virtual = command.value("virtual");
        Optional<String> file = command.value("file");
        if (virtual.isPresent() && file.isPresent()) {
            throw new SsiError("inclusion may be either virtual=\"" + virtual.get() + "\" or file=\"" + file.get() + "\"");
        }
        checkWait(command, virtual.isPresent());
        String text = evaluated(virtual.or(() -> file).orElseThrow(
                () -> new SsiError("no parameter in \"include\" SSI command")));
        String path = exchange.routing().path();
        String absolute = text.startsWith("/") ? text : path.substring(0, path.lastIndexOf('/') + 1) + text;
        return InternalUri.parse(absolute).orElseThrow(() -> new SsiError("unsafe URI \"" + text
                + "\" in \"include\" SSI command"));
    }

    /// Commands run one after the other in any case, so `wait` needs no more than a look.
    private static void checkWait(SsiCommand command, boolean virtual) throws SsiError {
        Optional<String> wait = command.value("wait");
        if (wait.isPresent() && !virtual) {
            throw new SsiError("\"wait\" cannot be used with \"file\" in \"include\" SSI command");
        }
        if (wait.isPresent() && !wait.get().equals("yes") && !wait.get().equals("no")) {
            throw new SsiError("invalid value \"" + wait.get() + "\" in the \"wait\" parameter");
        }
    }

    private Subrequest open(InternalUri uri, boolean bare) throws SsiError, Failure {
        try {
            return bare ? Subrequest.withoutPages(exchange, uri) : Subrequest.open(exchange, uri);
        } catch (Failure failure) {
            if (failure.where() == Failure.Where.DOWNSTREAM) {
                throw failure;
            }
            throw new SsiError(failure.detail());
        }
    }

    private static String content(Subrequest answer) throws SsiError, Failure {
        int most = OutputLimit.of(answer.exchange());
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        StringBuilder text = new StringBuilder();
        while (answer.body().read(piece.clear()) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece.flip()));
            if (text.length() > most) {
                throw new SsiError("too big subrequest response: more than " + most + " bytes");
            }
        }
        return text.toString();
    }

    private String evaluated(String text) throws SsiError {
        return SsiText.evaluate(text, this::variable)
                .orElseThrow(() -> new SsiError("invalid variable name in \"" + text + "\""));
    }

    /// @param name in lower case
    private Optional<String> variable(String name) {
        if (name.length() == 1 && Character.isDigit(name.charAt(0))) {
            int group = name.charAt(0) - '0';
            return group < captures.size() ? Optional.of(captures.get(group)) : Optional.empty();
        }
        Optional<String> own = page.variable(name);
        return own.isPresent() ? own : options.variables().apply(name).flatMap(variable -> variable.of(exchange));
    }
}

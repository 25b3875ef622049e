package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.proxy.GrpcHealth;
import io.selvage.server.proxy.ProbeMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A line of a `match` block: one test of a response.
record MatchLine(ProbeMatch.Test test) {
    private static final Set<String> OPERATORS = Set.of("=", "!=", "~", "!~");

    /// `status 200 204 300-399;` and `status ! 500;`
    static MatchLine status(Line line) {
        boolean within = !line.argument(0).is("!");
        if (!within && line.count() == 1) {
            line.problem("\"status\" needs status codes behind \"!\"");
        }
        return new MatchLine(new ProbeMatch.Status(within, line.argumentsFrom(within ? 0 : 1).stream().map(MatchLine::range)
                .toList()));
    }

    private static ProbeMatch.Range range(Argument argument) {
        int dash = argument.text().indexOf('-');
        if (dash < 0) {
            int code = argument.number(100, 599);
            return new ProbeMatch.Range(code, code);
        }
        int from = argument.with(argument.text().substring(0, dash)).number(100, 599);
        int to = argument.with(argument.text().substring(dash + 1)).number(100, 599);
        if (to < from) {
            argument.refuse("a range that does not end before it begins");
        }
        return new ProbeMatch.Range(from, to);
    }

    /// `header NAME;`, `header ! NAME;` and `header NAME OPERATOR VALUE;`
    static MatchLine header(Line line) {
        if (line.count() < 3) {
            boolean wanted = line.count() == 1;
            if (!wanted && !line.argument(0).is("!")) {
                line.argument(1).refuse("\"=\", \"!=\", \"~\" or \"!~\" and a value behind a name");
            }
            return new MatchLine(new ProbeMatch.Present(line.argument(line.count() - 1).name(), wanted));
        }
        Argument operator = line.argument(1);
        if (!OPERATORS.contains(operator.text())) {
            operator.refuse("\"=\", \"!=\", \"~\" or \"!~\" behind a name");
        }
        String name = line.argument(0).name();
        boolean wanted = !operator.text().startsWith("!");
        return new MatchLine(operator.text().endsWith("~")
                ? new ProbeMatch.Matching(name, Regexes.read(line.argument(2), false), wanted)
                : new ProbeMatch.Equal(name, line.argument(2).text(), wanted));
    }

    /// `body ~ EXPRESSION;` and `body !~ EXPRESSION;`
    static MatchLine body(Line line) {
        Argument operator = line.argument(0);
        if (!operator.is("~") && !operator.is("!~")) {
            operator.refuse("\"~\" or \"!~\" before an expression");
        }
        return new MatchLine(new ProbeMatch.Body(Regexes.read(line.argument(1), false), operator.is("~")));
    }

    /// `require $variable ...;`
    static MatchLine require(Line line) {
        return new MatchLine(new ProbeMatch.Required(line.arguments().stream().map(argument -> {
            if (!argument.text().startsWith("$")) {
                argument.problem("invalid variable name \"" + argument.text() + "\"");
            }
            return argument.template();
        }).toList()));
    }

    List<String> words() {
        return switch (test) {
            case ProbeMatch.Status(boolean within, var ranges) -> Stream.concat(within ? Stream.empty() : Stream.of("!"),
                    ranges.stream().map(range -> range.from() == range.to() ? Integer.toString(range.from())
                            : range.from() + "-" + range.to())).toList();
            case ProbeMatch.Present(String name, boolean wanted) -> wanted ? List.of(name) : List.of("!", name);
            case ProbeMatch.Equal(String name, String value, boolean wanted) -> List.of(name, wanted ? "=" : "!=", value);
            case ProbeMatch.Matching(String name, var expression, boolean wanted) ->
                List.of(name, wanted ? "~" : "!~", expression.source());
            case ProbeMatch.Body(var expression, boolean wanted) -> List.of(wanted ? "~" : "!~", expression.source());
            case GrpcHealth _ -> throw new IllegalStateException("no line of a \"match\" has this test");
            case ProbeMatch.Required(var values) -> new ArrayList<>(values.stream().map(Object::toString).toList());
        };
    }
}

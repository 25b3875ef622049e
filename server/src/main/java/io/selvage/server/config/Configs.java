package io.selvage.server.config;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Reads configurations, and writes them.
///
/// A file may hold the whole, with `events` and `http`, or only what stands inside `http`, as the files of `sites-enabled`
/// do. The second kind gets what distributions put around it: `include mime.types` and
/// `default_type application/octet-stream`, unless it sets them itself.
public final class Configs {
    private Configs() {}

    /// A configuration that can be used.
    ///
    /// @param warnings what is doubtful in it, in order of position
    /// @param sources every file that was read, each once
    public record Loaded(Config config, List<Problem> warnings, List<Source> sources) {
        public Loaded {
            warnings = List.copyOf(warnings);
            sources = List.copyOf(sources);
        }
    }

    /// Reads a file and all it includes. Names of included files are relative to the folder of `file`.
    ///
    /// @param prefix the folder that other relative names are meant in; an empty path to leave them relative
    /// @param globals directives of the main level that stand before the file, as `nginx -g` has them; may be empty
    /// @param variables whether the server has a variable of this name; families such as `http_` are known here
    /// @throws ConfigProblems with all that is wrong
    public static Loaded load(Path file, Path prefix, String globals, Predicate<String> variables) throws ConfigProblems {
        var problems = new Problems();
        var sources = new Sources(file.toAbsolutePath().resolveSibling(""), problems);
        Optional<Source> main = sources.main(file);
        problems.throwIfAny();
        return load(main.orElseThrow(), sources, problems, prefix.toString(), globals, new VariableNames(variables));
    }

    /// Reads a configuration that stands in no file. Relative names stay relative, and every variable is known.
    ///
    /// @throws ConfigProblems with all that is wrong
    public static Config parse(String text) throws ConfigProblems {
        var problems = new Problems();
        var source = new Source("configuration", Path.of("configuration"), text.getBytes(StandardCharsets.UTF_8));
        return load(source, new Sources(Path.of(""), problems), problems, "", "", new VariableNames(_ -> true)).config();
    }

    private static Loaded load(
            Source main, Sources sources, Problems problems, String prefix, String globals, VariableNames variables)
            throws ConfigProblems {
        var parser = new Parser(sources, problems);
        var options = new Source("-g", Path.of("-g"), globals.getBytes(StandardCharsets.UTF_8));
        List<Directive> before = parser.parse(options);
        List<Directive> file = parser.parse(main);
        if (Checker.isBare(file)) {
            file = List.of(Directive.block("http", List.of(), surrounded(file, parser)));
        }
        List<Directive> all = Stream.concat(before.stream(), file.stream()).toList();
        Config config = new Translator(new Checker(problems).check(all), problems, variables, prefix).translate();
        variables.report(problems);
        problems.throwIfAny();
        return new Loaded(config, problems.warnings(), sources.all());
    }

    private static List<Directive> surrounded(List<Directive> file, Parser parser) {
        var all = new ArrayList<Directive>();
        if (file.stream().noneMatch(directive -> directive.is("types"))) {
            all.addAll(parser.parse(new Source("mime.types", Path.of("mime.types"), Sources.resource("mime.types"))));
        }
        if (file.stream().noneMatch(directive -> directive.is("default_type"))) {
            all.add(Directive.of("default_type", List.of("application/octet-stream")));
        }
        all.addAll(file);
        return all;
    }

    /// Writes the files of a configuration as they stand, each below a line that names it.
    public static void dump(Loaded loaded, OutputStream out) throws IOException {
        for (Source source : loaded.sources()) {
            out.write(("# configuration file " + source.path().toAbsolutePath() + ":\n").getBytes(StandardCharsets.UTF_8));
            out.write(source.bytes());
            out.write('\n');
        }
    }

    /// The configuration in its own language, so that [#parse] gives back an equal one.
    public static String print(Config config) {
        return Printer.print(config);
    }
}

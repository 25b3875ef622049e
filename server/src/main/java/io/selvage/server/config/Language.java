package io.selvage.server.config;

import io.selvage.server.http.Variable;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The configuration language with the directives of all features. Reads configurations, and writes them. Immutable, and safe
/// for any number of threads.
///
/// A file may hold the whole, or be bare: then it holds only what stands inside one block of the main level, as the files of
/// `sites-enabled` do, and gets what distributions put around it.
public final class Language {
    private final Catalogue catalogue;
    private final Map<Context, List<Settings<?>>> settings = new LinkedHashMap<>();
    private final Map<Context, List<Context>> single = new HashMap<>();
    private final Set<Context> isolated = new LinkedHashSet<>();
    private final List<Directives> features;
    private final Function<String, Optional<Variable>> variables;
    private final Surroundings surroundings;

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

    /// What a configuration gets that the server brings along.
    ///
    /// @param bare the block that bare files begin in
    /// @param standard what stands in a bare file unless it says itself, by the name of the directive: the name of a file, and
    ///     its text
    /// @param bundled gives the files that may be included although they are not there, by their names
    public record Surroundings(Context bare, Map<String, Source> standard, Function<String, Optional<byte[]>> bundled) {
    }

    /// @param variables gives the server's variable of a name
    public Language(List<Directives> features, Function<String, Optional<Variable>> variables, Surroundings surroundings) {
        this.features = List.copyOf(features);
        this.variables = variables;
        this.surroundings = surroundings;
        Codecs codecs = new Codecs();
        features.forEach(feature -> feature.addCodecs(codecs));
        List<Entry> entries = new ArrayList<>();
        for (Directives feature : features) {
            isolated.addAll(feature.isolated());
            entries.addAll(feature.entries());
            for (Directives.Group group : feature.groups()) {
                Settings<?> read = Settings.of(group.type(), codecs);
                entries.addAll(read.entries(group.contexts()));
                group.contexts().forEach(context -> settings.computeIfAbsent(context, _ -> new ArrayList<>()).add(read));
            }
        }
        this.catalogue = new Catalogue(entries);
        entries.stream().filter(entry -> isBlock(entry) && !entry.shape().repeatable()).forEach(entry -> entry.contexts()
                .forEach(context -> single.computeIfAbsent(context, _ -> new ArrayList<>()).add(new Context(entry.name()))));
    }

    private static boolean isBlock(Entry entry) {
        return entry.shape().block() == Shape.Inside.DIRECTIVES;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    List<Settings<?>> settings(Context context) {
        return settings.getOrDefault(context, List.of());
    }

    /// Reads a file and all it includes. Names of included files are relative to the folder of `file`.
    ///
    /// @param prefix the folder that other relative names are meant in; an empty path to leave them relative
    /// @param globals directives of the main level that stand before the file, as `nginx -g` has them; may be empty
    /// @throws ConfigProblems with all that is wrong
    public Loaded load(Path file, Path prefix, String globals) throws ConfigProblems {
        var problems = new Problems();
        var sources = new Sources(file.toAbsolutePath().resolveSibling(""), surroundings.bundled(), problems);
        Optional<Source> main = sources.main(file);
        problems.throwIfAny();
        return load(main.orElseThrow(), sources, problems, ByteText.of(prefix), globals);
    }

    /// Reads a configuration that is in no file, as UTF-8. Relative names stay relative.
    ///
    /// @throws ConfigProblems with all that is wrong
    public Config parse(String text) throws ConfigProblems {
        var problems = new Problems();
        var source = new Source("configuration", Path.of("configuration"), text.getBytes(StandardCharsets.UTF_8));
        return load(source, new Sources(Path.of(""), surroundings.bundled(), problems), problems, "", "").config();
    }

    private Loaded load(Source main, Sources sources, Problems problems, String prefix, String globals) throws ConfigProblems {
        var parser = new Parser(sources, problems);
        var options = new Source("-g", Path.of("-g"), globals.getBytes(StandardCharsets.UTF_8));
        List<Directive> before = parser.parse(options);
        List<Directive> file = parser.parse(main);
        var checker = new Checker(catalogue, surroundings.bare(), problems);
        if (checker.isBare(file)) {
            file = List.of(Directive.block(surroundings.bare().name(), List.of(), surrounded(file, parser)));
        }
        List<Directive> all = checker.check(Stream.concat(before.stream(), file.stream()).toList());
        var names = new VariableNames(variables);
        var reading = new ParseContext(problems, names, all, prefix);
        Section whole = read(Context.MAIN, Scope.outermost(Directive.block("main", List.of(), all), reading), null);
        features.forEach(feature -> feature.check(whole));
        names.report(problems);
        problems.throwIfAny();
        return new Loaded(new Config(whole), problems.warnings(), sources.all());
    }

    private List<Directive> surrounded(List<Directive> file, Parser parser) {
        var all = new ArrayList<Directive>();
        surroundings.standard().forEach((name, source) -> {
            if (file.stream().noneMatch(directive -> directive.is(name))) {
                all.addAll(parser.parse(source));
            }
        });
        all.addAll(file);
        return all;
    }

    private Section read(Context context, Scope scope, @Nullable Section outer) {
        Map<Class<?>, Record> values = new HashMap<>();
        settings(context).forEach(each -> values.put(each.type(), each.read(scope)));
        Section section = new Section(context, scope, outer, values);
        for (Directive directive : scope.block().block()) {
            if (catalogue.find(directive.name().text(), context).filter(Language::isBlock).isPresent()) {
                section.add(inside(directive, section));
            }
        }
        for (Context kind : single.getOrDefault(context, List.of())) {
            if (section.inside(kind).isEmpty()) {
                section.add(inside(Directive.block(kind.name(), List.of(), List.of()), section));
            }
        }
        return section;
    }

    private Section inside(Directive directive, Section outer) {
        Context kind = new Context(directive.name().text());
        return isolated.contains(kind)
                ? read(kind, Scope.outermost(directive, outer.scope().reading()), null)
                : read(kind, outer.scope().inside(directive), outer);
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
    public String print(Config config) {
        return ByteText.decode(new Printer(this).print(config));
    }
}

package io.selvage.server.config;

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The configuration language with the directives of all features. Reads configurations, and writes them. Immutable, and safe
/// for any number of threads.
///
/// A file may contain the whole, or be bare: then it contains only the inside of one block of the main level, as the files of
/// `sites-enabled` do, and gets what distributions put around it.
public final class Language {
    private final Catalogue catalogue;
    private final Map<Context, List<Settings<?>>> settings = new LinkedHashMap<>();
    private final Map<Context, List<Context>> single = new HashMap<>();
    private final Set<Context> isolated = new LinkedHashSet<>();
    private final Map<Context, Context> parts = new HashMap<>();
    private final List<Directives> features;
    private final Set<Context> required = new LinkedHashSet<>();
    private final KnownVariables variables;
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
    /// @param standard directives that surround a bare file, by the words with which each begins; a file that has a directive
    ///     with these words does not get it
    /// @param bundled gives the files that may be included although they are not there, by their names
    public record Surroundings(Context bare, Map<String, Source> standard, Function<String, Optional<byte[]>> bundled) {
    }

    /// @param features their directives are all that there are
    /// @param variables the server's own
    /// @param surroundings what bare files get
    public Language(List<Directives> features, KnownVariables variables, Surroundings surroundings) {
        this.features = List.copyOf(features);
        this.variables = variables;
        this.surroundings = surroundings;
        Codecs codecs = new Codecs();
        features.forEach(feature -> feature.addCodecs(codecs));
        List<Entry> entries = new ArrayList<>();
        for (Directives feature : features) {
            isolated.addAll(feature.isolated());
            required.addAll(feature.required());
            parts.putAll(feature.parts());
            entries.addAll(feature.entries());
            for (Directives.Group group : feature.groups()) {
                Settings<?> read = Settings.of(group.type(), codecs);
                entries.addAll(read.entries(group.contexts()));
                group.contexts().forEach(context -> settings.computeIfAbsent(context, _ -> new ArrayList<>()).add(read));
            }
        }
        this.catalogue = new Catalogue(entries);
        entries.stream().filter(Language::isAlwaysThere).forEach(entry -> entry.contexts()
                .forEach(context -> single.computeIfAbsent(context, _ -> new ArrayList<>()).add(new Context(entry.name()))));
    }

    private static boolean isBlock(Entry entry) {
        return entry.shape().block() == Shape.Inside.DIRECTIVES;
    }

    private static boolean isAlwaysThere(Entry entry) {
        return isBlock(entry) && !entry.shape().repeatable() && entry.shape().least() == 0;
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    List<Settings<?>> settings(Context context) {
        Context whole = parts.getOrDefault(context, context);
        return settings.getOrDefault(whole, List.of());
    }

    /// Reads a file and all it includes. Names of included files are relative to the folder of `file`.
    ///
    /// @param prefix the folder that other relative names are meant in; an empty path to leave them relative
    /// @param globals directives of the main level that precede the file, as `nginx -g` has them; may be empty
    /// @param machine must have what the configuration needs
    /// @throws ConfigProblems with all that is wrong
    public Loaded load(Path file, Path prefix, String globals, Machine machine) throws ConfigProblems {
        var problems = new Problems();
        var sources = new Sources(file.toAbsolutePath().resolveSibling(""), surroundings.bundled(), problems);
        Optional<Source> main = sources.main(file);
        problems.throwIfAny();
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        return new Reader(sources, problems, ByteText.of(prefix), ByteText.of(folder), machine).read(main.orElseThrow(), globals);
    }

    /// Reads a configuration that is in no file, as UTF-8. Relative names stay relative.
    ///
    /// @throws ConfigProblems with all that is wrong
    public Config parse(String text) throws ConfigProblems {
        var problems = new Problems();
        var source = new Source("configuration", Path.of("configuration"), text.getBytes(StandardCharsets.UTF_8));
        Sources sources = new Sources(Path.of(""), surroundings.bundled(), problems);
        return new Reader(sources, problems, "", "", Machine.ANY).read(source, "").config();
    }

    /// One reading of a configuration.
    private final class Reader {
        private final Sources sources;
        private final Problems problems;
        private final String prefix;
        private final String folder;
        private final Machine machine;
        private final Parser parser;
        private boolean bare;

        Reader(Sources sources, Problems problems, String prefix, String folder, Machine machine) {
            this.sources = sources;
            this.problems = problems;
            this.prefix = prefix;
            this.folder = folder;
            this.machine = machine;
            this.parser = new Parser(sources, problems);
        }

        Loaded read(Source main, String globals) throws ConfigProblems {
            var names = new VariableNames(variables);
            List<Directive> all = directives(main, globals, new Checker(catalogue, surroundings.bare(), problems, names));
            var context = new ParseContext(problems, names, all, prefix, folder, machine);
            Section whole = section(Context.MAIN, Scope.outermost(Directive.block("main", List.of(), all), context), null);
            features.forEach(feature -> feature.check(whole));
            names.report(problems);
            problems.throwIfAny();
            checkComplete(main, all);
            return new Loaded(new Config(whole), problems.warnings(), sources.all());
        }

        private List<Directive> directives(Source main, String globals, Checker checker) {
            var options = new Source("-g", Path.of("-g"), globals.getBytes(StandardCharsets.UTF_8));
            List<Directive> all = new ArrayList<>(parser.parse(options));
            List<Directive> file = parser.parse(main);
            bare = checker.isBare(file);
            all.addAll(bare ? List.of(Directive.block(surroundings.bare().name(), List.of(), surrounded(file))) : file);
            return checker.check(all);
        }

        /// Reported only for a file without other problems: a misspelled block would be reported twice.
        private void checkComplete(Source main, List<Directive> all) throws ConfigProblems {
            if (!bare) {
                required.stream().filter(block -> all.stream().noneMatch(directive -> directive.is(block.name())))
                        .forEach(block -> problems.error(Position.whole(main.name()), "there is no \"" + block
                                + "\" block; a main configuration needs one, and it may be empty"));
            }
            problems.throwIfAny();
        }

        private List<Directive> surrounded(List<Directive> file) {
            var all = new ArrayList<Directive>();
            surroundings.standard().forEach((words, source) -> {
                if (file.stream().noneMatch(directive -> directive.startsWith(words))) {
                    all.addAll(parser.parse(source));
                }
            });
            all.addAll(file);
            return all;
        }
    }

    private Section section(Context context, Scope scope, @Nullable Section outer) {
        Map<Class<?>, Record> values = new HashMap<>();
        Map<Class<?>, Record> around = outer == null ? Map.of() : outer.settings();
        settings(context).forEach(each -> values.put(each.type(), read(each, scope, around)));
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

    private static <R extends Record> R read(Settings<R> settings, Scope scope, Map<Class<?>, Record> around) {
        return settings.read(scope, settings.type().cast(around.get(settings.type())));
    }

    private Section inside(Directive directive, Section outer) {
        Context kind = catalogue.opened(directive, outer.context());
        if (isolated.contains(kind)) {
            return section(kind, Scope.outermost(directive, outer.scope().reading()), null);
        }
        Scope scope = outer.scope();
        return section(kind, parts.containsKey(kind) ? scope.part(directive) : scope.inside(directive), outer);
    }

    /// Writes the files of a configuration unchanged, each below a line with its name.
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

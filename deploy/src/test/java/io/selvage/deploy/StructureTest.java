package io.selvage.deploy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Reads the main source code of all modules and holds it to the rules of CONTRIBUTING.md that can be counted.
class StructureTest {
    private static final List<String> MODULES = List.of("cache", "loadbalancer", "server", "perf", "deploy");
    private static final int MOST_PARAMETERS = 8;
    private static final int MOST_LINES = 25;

    private static final List<Integer> METHOD_LINES = new ArrayList<>();
    private static final Set<String> LONG_CONSTRUCTORS = new TreeSet<>();
    private static final Map<String, Set<String>> FILES_OF_CLASS = new TreeMap<>();
    private static final Map<String, Set<String>> IMPORTED_PACKAGES = new TreeMap<>();

    @BeforeAll
    static void readSources() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null,
                    files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(unit, positions).read();
            }
        }
    }

    private static Collection<Path> sources() throws IOException {
        Path root = Path.of(System.getProperty("selvage.root"));
        var sources = new ArrayList<Path>();
        for (String module : MODULES) {
            try (var walk = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                walk.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    @Test
    void classNamesAreUniqueInTheProduct() {
        var twice = new TreeMap<>(FILES_OF_CLASS);
        twice.values().removeIf(files -> files.size() == 1);
        assertTrue(FILES_OF_CLASS.size() > 100, "too few classes were found");
        assertEquals(Map.of(), twice);
    }

    @Test
    void ninetyNinePercentOfMethodsAreShort() {
        List<Integer> sorted = METHOD_LINES.stream().sorted().toList();
        int p99 = sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
        assertTrue(p99 <= MOST_LINES, "99 % of the methods have up to " + p99 + " lines, more than " + MOST_LINES);
    }

    @Test
    void constructorsAndRecordsHaveFewParameters() {
        assertEquals(Set.of(), LONG_CONSTRUCTORS);
    }

    @Test
    void packagesDoNotImportEachOtherInCircles() {
        var left = new TreeMap<>(IMPORTED_PACKAGES);
        boolean removed = true;
        while (removed) {
            Set<String> remaining = Set.copyOf(left.keySet());
            removed = left.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(remaining::contains));
        }
        assertEquals(Set.of(), left.keySet());
    }

    /// Collects what the tests ask for from one file.
    private static final class Reader extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final String name;

        Reader(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.name = unit.getPackageName().toString();
        }

        void read() {
            Set<String> imported = IMPORTED_PACKAGES.computeIfAbsent(name, _ -> new TreeSet<>());
            for (ImportTree line : unit.getImports()) {
                String type = line.getQualifiedIdentifier().toString();
                packageOf(type).filter(other -> !other.equals(name)).ifPresent(imported::add);
            }
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree declared) {
                    FILES_OF_CLASS.computeIfAbsent(declared.getSimpleName().toString(), _ -> new TreeSet<>())
                            .add(unit.getSourceFile().getName());
                }
            }
            scan(unit, null);
        }

        /// The package of a type of ours: what stands before its first capital letter.
        private static Optional<String> packageOf(String type) {
            if (!type.startsWith("io.selvage.")) {
                return Optional.empty();
            }
            int end = 0;
            while (!Character.isUpperCase(type.charAt(end))) {
                end = type.indexOf('.', end) + 1;
            }
            return Optional.of(type.substring(0, end - 1));
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (type.getKind() == Tree.Kind.RECORD) {
                long components = type.getMembers().stream().filter(Reader::isComponent).count();
                count(type.getSimpleName().toString(), components);
            }
            return super.visitClass(type, nothing);
        }

        private static boolean isComponent(Tree member) {
            return member instanceof VariableTree field && !field.getModifiers().getFlags().contains(Modifier.STATIC);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (method.getName().contentEquals("<init>")) {
                count("a constructor in " + unit.getSourceFile().getName().replaceFirst(".*/", ""),
                        method.getParameters().size());
            }
            if (method.getBody() != null) {
                METHOD_LINES.add((int) (line(positions.getEndPosition(unit, method.getBody()))
                        - line(positions.getStartPosition(unit, method.getBody())) + 1));
            }
            return super.visitMethod(method, nothing);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        private static void count(String what, long parameters) {
            if (parameters > MOST_PARAMETERS) {
                LONG_CONSTRUCTORS.add(what + " has " + parameters);
            }
        }
    }
}

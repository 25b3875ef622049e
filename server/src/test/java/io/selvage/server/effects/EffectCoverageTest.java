package io.selvage.server.effects;

import io.selvage.server.config.Entry;
import io.selvage.server.module.Modules;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Each built directive has a test of its effect, and each such test is of a built directive.
class EffectCoverageTest {

    @Test
    void everyBuiltDirectiveHasATestOfItsEffect() throws Exception {
        Set<String> untested = new TreeSet<>(built());
        untested.removeAll(tested());
        assertEquals(Set.of(), untested);
    }

    @Test
    void everyTestOfAnEffectIsOfABuiltDirective() throws Exception {
        Set<String> unknown = tested();
        assertTrue(unknown.size() > 100, unknown::toString);
        unknown.removeAll(built());
        assertEquals(Set.of(), unknown);
    }

    /// The names of the built directives. One that means something else in other blocks is followed by its block.
    private static Set<String> built() {
        Set<String> names = new TreeSet<>();
        List<Entry> built = Modules.catalogue().built();
        for (Entry entry : built) {
            boolean alone = built.stream().filter(other -> other.name().equals(entry.name())).count() == 1;
            boolean several = entry.contexts().size() > 1;
            names.add(alone || several ? entry.name() : entry.name() + " in " + entry.contexts().iterator().next());
        }
        return names;
    }

    private static Set<String> tested() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Class<?> each : classes()) {
            for (Method method : each.getDeclaredMethods()) {
                Effect effect = method.getAnnotation(Effect.class);
                if (effect != null) {
                    List.of(effect.value()).forEach(name -> addTo(names, name));
                }
            }
        }
        return names;
    }

    private static void addTo(Set<String> names, String name) {
        if (name.startsWith("*_ssl_")) {
            List.of("proxy", "grpc", "uwsgi").forEach(prefix -> names.add(name.replace("*", prefix)));
        } else if (name.startsWith("*_")) {
            List.of("proxy", "fastcgi", "scgi", "uwsgi").forEach(prefix -> names.add(name.replace("*", prefix)));
        } else {
            names.add(name);
        }
    }

    /// Those of this package.
    private static List<Class<?>> classes() throws IOException, ClassNotFoundException {
        String own = EffectCoverageTest.class.getSimpleName() + ".class";
        URL place = Objects.requireNonNull(EffectCoverageTest.class.getResource(own));
        List<String> names;
        try (Stream<Path> files = Files.list(Path.of(URI.create(place.toString())).resolveSibling(""))) {
            names = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("Test.class")).toList();
        }
        List<Class<?>> classes = new ArrayList<>();
        for (String name : names) {
            classes.add(Class.forName(EffectCoverageTest.class.getPackageName() + "." + name.replace(".class", "")));
        }
        return classes;
    }
}

package io.selvage.perf;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// No package uses a higher one, and none uses the other modules.
class PackageOrderTest {
    private static final List<String> BOTTOM_UP = List.of("input", "http", "load", "report", "race", "cli", "PerfCommand");
    private static final String ROOT = "io/selvage/perf/";

    @Test
    void noPackageUsesAHigherOne() throws IOException {
        var wrong = new TreeSet<String>();
        List<Path> classes;
        try (var walk = Files.walk(Path.of("target/classes"))) {
            classes = walk.filter(file -> file.toString().endsWith(".class") && !file.endsWith("package-info.class")).toList();
        }
        assertTrue(classes.size() > 30);
        for (Path file : classes) {
            var type = ClassFile.of().parse(file);
            String from = type.thisClass().asInternalName();
            type.constantPool().forEach(entry -> {
                if (entry instanceof ClassEntry used && used.asInternalName().startsWith("io/selvage/")
                        && (rank(used.asInternalName()) > rank(from) || rank(used.asInternalName()) < 0)) {
                    wrong.add(from + " -> " + used.asInternalName());
                }
            });
        }
        assertEquals(Set.of(), wrong);
    }

    private static int rank(String name) {
        return name.startsWith(ROOT) ? BOTTOM_UP.indexOf(name.substring(ROOT.length()).split("/")[0]) : -1;
    }
}

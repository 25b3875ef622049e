package io.selvage.server;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// Packages read bottom to top: none knows one that stands behind it in the list.
class PackageOrderTest {
    private static final List<String> BOTTOM_UP = List.of("engine", "net", "net/helidon", "tls", "http", "compress", "http1",
            "http2", "observe", "metrics", "files", "auth", "proxy", "route", "transform", "ssi", "trace", "acme", "redis",
            "config", "module", "wiring", "admin", "cli");
    private static final String ROOT = "io/selvage/server/";

    @Test
    void noPackageUsesAHigherOne() throws IOException {
        var wrong = new TreeSet<String>();
        for (ClassModel type : classes()) {
            String from = type.thisClass().asInternalName();
            for (PoolEntry entry : type.constantPool()) {
                if (entry instanceof ClassEntry used && rank(used.asInternalName()) > rank(from)) {
                    wrong.add(from + " -> " + used.asInternalName());
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    /// The vocabulary of HTTP stands above the connections only so that both can be below `http1`.
    @Test
    void httpUsesNoConnection() throws IOException {
        var wrong = new TreeSet<String>();
        for (ClassModel type : classes()) {
            String from = type.thisClass().asInternalName();
            for (PoolEntry entry : type.constantPool()) {
                if (from.startsWith(ROOT + "http/") && entry instanceof ClassEntry used
                        && rank(used.asInternalName()) >= 0 && rank(used.asInternalName()) < rank(from)) {
                    wrong.add(from + " -> " + used.asInternalName());
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void onlyTheListenersAndTheAdminApiUseHelidon() throws IOException {
        var packages = new TreeSet<String>();
        for (ClassModel type : classes()) {
            String from = type.thisClass().asInternalName();
            for (PoolEntry entry : type.constantPool()) {
                if (entry instanceof ClassEntry used && used.asInternalName().startsWith("io/helidon/")) {
                    packages.add(from.substring(ROOT.length(), from.lastIndexOf('/')));
                }
            }
        }
        assertEquals(Set.of("net/helidon", "admin"), packages);
    }

    @Test
    void everyPackageHasItsPlace() throws IOException {
        var placeless = new TreeSet<String>();
        for (ClassModel type : classes()) {
            if (rank(type.thisClass().asInternalName()) < 0) {
                placeless.add(type.thisClass().asInternalName());
            }
        }
        assertEquals(Set.of(), placeless);
    }

    private static List<ClassModel> classes() throws IOException {
        List<ClassModel> classes = new ArrayList<>();
        try (var walk = Files.walk(Path.of("target/classes"))) {
            for (Path file : walk.filter(f -> f.toString().endsWith(".class")).toList()) {
                classes.add(ClassFile.of().parse(file));
            }
        }
        assertFalse(classes.isEmpty());
        return classes;
    }

    private static int rank(String name) {                       // "io/selvage/server/http1/Framing" -> 4
        return name.startsWith(ROOT) ? BOTTOM_UP.indexOf(name.substring(ROOT.length(), name.lastIndexOf('/'))) : -1;
    }
}

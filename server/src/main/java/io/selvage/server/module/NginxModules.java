package io.selvage.server.module;

import io.selvage.server.config.Catalogue;
import io.selvage.server.config.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The modules of nginx by their names, and which of them the server has: those of which it has the first directive.
final class NginxModules {
    private static final List<NginxModule> ALL =
            new String(Modules.resource("nginx-modules"), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).map(NginxModule::parse).toList();

    private NginxModules() {
    }

    /// How a module comes into nginx.
    enum Kind {
        /// Unless it is switched off.
        STANDARD,
        /// If it is asked for.
        OPTIONAL,
        /// From elsewhere, as a file that is loaded.
        ADDED
    }

    /// @param name as `configure` takes it
    /// @param directive one that the module has
    record NginxModule(String name, Kind kind, String directive) {
        private static NginxModule parse(String line) {
            String[] words = line.split("[ :]+");
            return new NginxModule(words[0], Kind.valueOf(words[1].toUpperCase(Locale.ROOT)), words[2]);
        }

        /// True if the server takes the directive, be it without an effect.
        boolean isBuilt(Catalogue catalogue) {
            return catalogue.all().stream()
                    .anyMatch(entry -> entry.name().equals(directive) && entry.state() != Entry.State.KNOWN);
        }

        /// The name of its file, as `load_module` takes it.
        String file() {
            return "ngx_" + (name.endsWith("_module") ? name : name + "_module") + ".so";
        }
    }

    /// What `nginx -V` lists: standard modules that the server does not have, and optional ones that it has.
    static Set<String> configureArguments(Catalogue catalogue) {
        Set<String> arguments = new TreeSet<>();
        for (NginxModule module : ALL) {
            boolean built = module.isBuilt(catalogue);
            if (module.kind == Kind.STANDARD && !built) {
                arguments.add("--without-" + module.name);
            } else if (module.kind == Kind.OPTIONAL && built) {
                arguments.add("--with-" + module.name);
            }
        }
        return arguments;
    }

    /// The module of a name.
    static Optional<NginxModule> named(String name) {
        return ALL.stream().filter(module -> module.name.equals(name)).findFirst();
    }

    /// The module in a file, if nginx or a distribution has one of that name.
    static Optional<NginxModule> inFile(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return ALL.stream().filter(module -> module.file().equals(name)).findFirst();
    }
}

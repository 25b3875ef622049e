package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.module.NginxModules.NginxModule;
import java.util.Optional;

/// A module of nginx that a configuration names (`load_module`).
///
/// @param file as written
public record LoadedModule(String file) {

    /// Reads the name of the file. A module that is known and not built is a warning: its directives are refused, but packages of
    /// distributions load modules that no directive needs.
    static LoadedModule read(Argument file) {
        Optional<NginxModule> module = NginxModules.inFile(file.text());
        if (module.isEmpty()) {
            file.refuse("a module of nginx that is known here");
        } else if (!module.get().isBuilt(Modules.catalogue())) {
            file.warning("the module \"" + module.get().name() + "\" is not built; its directives are refused");
        }
        return new LoadedModule(file.text());
    }
}

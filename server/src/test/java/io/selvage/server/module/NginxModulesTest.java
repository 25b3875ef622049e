package io.selvage.server.module;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What the program says about the modules of nginx is true. With `-Dselvage.update=true` the list in `deploy/nginx` is written.
class NginxModulesTest {
    private static final Path PROGRAM = Path.of(System.getProperty("selvage.root", "..")).resolve("deploy/nginx");
    private static final String BEGIN = "modules='\n";
    private static final String END = "'\n";

    @Test
    void theProgramListsTheModulesThatAreThere() throws IOException {
        String program = Files.readString(PROGRAM);
        int from = program.indexOf(BEGIN) + BEGIN.length();
        int to = program.indexOf(END, from);
        Set<String> built = NginxModules.configureArguments(Modules.catalogue());
        if (Boolean.getBoolean("selvage.update")) {
            String list = built.stream().map(argument -> "    " + argument).collect(Collectors.joining("\n"));
            Files.writeString(PROGRAM, program.substring(0, from) + list + program.substring(to));
            return;
        }
        assertEquals(built, new TreeSet<>(List.of(program.substring(from, to).strip().split("\\s+"))),
                "run this test with -Dselvage.update=true");
    }

    @Test
    void aModuleIsThereIfItsDirectiveIs() {
        Set<String> arguments = NginxModules.configureArguments(Modules.catalogue());
        assertTrue(arguments.contains("--with-http_slice_module"), arguments::toString);
        assertTrue(arguments.contains("--without-http_memcached_module"), arguments::toString);
        assertFalse(arguments.contains("--without-http_access_module"), arguments::toString);
        assertFalse(arguments.contains("--with-http_perl_module"), arguments::toString);
    }

    /// A name that no directive has would always count as a module that is missing.
    @Test
    void everyStandardModuleHasADirectiveThatIsKnown() {
        Set<String> known = Modules.catalogue().all().stream().map(entry -> entry.name()).collect(Collectors.toSet());
        for (String argument : NginxModules.configureArguments(Modules.catalogue())) {
            String name = argument.replaceFirst("^--with(out)?-", "");
            String directive = NginxModules.named(name).orElseThrow().directive();
            assertTrue(known.contains(directive), directive);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"modules/ngx_http_image_filter_module.so", "ngx_stream_module.so", "/opt/m/ngx_mail_module.so"})
    void filesOfModulesAreRecognised(String file) {
        assertTrue(NginxModules.inFile(file).isPresent());
    }
}

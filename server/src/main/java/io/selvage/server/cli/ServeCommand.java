package io.selvage.server.cli;

import io.selvage.server.config.Language;
import io.selvage.server.module.Modules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Serves a folder without a configuration file, and passes all other requests to the upstreams.
@Command(name = "serve", description = "Serve a folder, and pass everything else to upstreams.")
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "the folder with the static files")
    private Path folder = Path.of(".");

    @Option(names = "--listen", paramLabel = "ADDR",
            description = "host:port, port or unix:PATH (default: 127.0.0.1:8080, with --https 127.0.0.1:8443, "
                    + "with --email 443)")
    private Optional<String> listen = Optional.empty();

    @Mixin
    private HttpsOptions https = new HttpsOptions();

    @Option(names = "--upstream", paramLabel = "URL", description = "http://host:port, http://unix:PATH, uwsgi://host:port or "
            + "uwsgi://unix:PATH; several share the load")
    private List<String> upstreams = List.of();

    @Mixin
    private AdminOption admin = new AdminOption();

    @Mixin
    private IoOption io = new IoOption();

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "there is no folder " + folder);
        }
        String text;
        try {
            https.check();
            String address = listen.orElse(https.standardAddress());
            text = new ServedFolder(folder.toAbsolutePath().normalize(), address, https, upstreams, admin.directive(address))
                    .configuration();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return new RunningServer(() -> new Language.Loaded(Modules.LANGUAGE.parse(text), List.of(), List.of()), Optional.empty(),
                io.mode(), spec.commandLine().getErr(), true).run();
    }
}

package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.http.Explanation;
import io.selvage.server.wiring.ExplainRequest;
import io.selvage.server.wiring.Explainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Explains what a configuration does with a request, without serving it.
@Command(name = "explain", description = "Explain which site, location, files or peers a request gets, and why.")
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "-H", paramLabel = "FIELD", description = "a field of the request, as \"Name: value\"; may be repeated")
    private List<String> fields = List.of();

    @Option(names = "--client", paramLabel = "ADDRESS", description = "where the request comes from (default: 127.0.0.1)")
    private String client = "127.0.0.1";

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Parameters(arity = "1..2", paramLabel = "[METHOD] URL",
            description = "the method (default: GET), and a URL or a path, which is for the first address of the configuration")
    private List<String> request = List.of();

    @Override
    public Integer call() {
        ExplainRequest asked = asked();
        try {
            Explanation explanation = Explainer.explain(config.load().config(), asked);
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? explanation.toJson() : explanation.toText().stripTrailing());
            out.flush();
            return ExitCode.FINE;
        } catch (ConfigProblems | IOException | IllegalArgumentException e) {
            return CheckCommand.failed(spec.commandLine().getErr(), e);
        }
    }

    private ExplainRequest asked() {
        try {
            String method = request.size() == 2 ? request.getFirst() : "GET";
            return new ExplainRequest(method, request.getLast(), fields, InetAddress.ofLiteral(client));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}

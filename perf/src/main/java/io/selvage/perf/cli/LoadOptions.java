package io.selvage.perf.cli;

import io.selvage.perf.http.Destination;
import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Mix;
import io.selvage.perf.load.MixFile;
import io.selvage.perf.load.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `run` and `knee` for requests and connections.
final class LoadOptions {
    @Parameters(arity = "1..*", paramLabel = "URL", description = "http[s]://host:port/path, or http://unix:/path/to.sock:/path; "
            + "several URLs of one server are sent in equal parts")
    private List<String> urls = List.of();

    @Option(names = {"-c", "--connections"}, defaultValue = "10", description = "open connections (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(names = {"-t", "--threads"}, defaultValue = "1", description = "event loops (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--close", description = "a connection per request")
    private boolean close;

    @Option(names = "--resume", description = "resume TLS sessions (otherwise each connection makes a full handshake)")
    private boolean resume;

    @Option(names = "--timeout", defaultValue = "10s", converter = DurationConverter.class,
            description = "maximum time for an answer (default: ${DEFAULT-VALUE})")
    private Duration timeout = Duration.ZERO;

    @Option(names = {"-X", "--method"}, defaultValue = "GET", description = "request method (default: ${DEFAULT-VALUE})")
    private String method = "";

    @Option(names = {"-H", "--header"}, paramLabel = "'NAME: VALUE'", description = "a header; may be repeated")
    private List<String> headers = new ArrayList<>();

    @Option(names = {"-b", "--body"}, defaultValue = "", paramLabel = "TEXT", description = "request body")
    private String body = "";

    @Option(names = "--body-file", paramLabel = "FILE", description = "request body, from a file in UTF-8")
    private Optional<Path> bodyFile = Optional.empty();

    @Option(names = "--mix", paramLabel = "FILE", description = "requests with weights; of the URL only the address is used")
    private Optional<Path> mix = Optional.empty();

    @Option(names = "--status", description = "the expected status (default: 200 to 399)")
    private Optional<Integer> status = Optional.empty();

    @Option(names = "--length", description = "the expected length of the body (default: not checked)")
    private Optional<Long> length = Optional.empty();

    /// The setup that these options describe.
    ///
    /// @throws UserError if the options contradict each other
    Setup setup() throws UserError {
        try {
            List<Destination.Url> parsed = new ArrayList<>();
            for (String url : urls) {
                parsed.add(Destination.parse(url));
            }
            Destination destination = parsed.getFirst().destination();
            for (Destination.Url each : parsed) {
                if (!each.destination().equals(destination)) {
                    throw new UserError("one run drives one server, not both " + destination + " and " + each.destination());
                }
            }
            Mix sent = mix.isPresent() ? MixFile.read(mix.get()) : mixOf(parsed);
            return new Setup(destination, sent, connections, threads, 0, close, resume, timeout);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private Mix mixOf(List<Destination.Url> parsed) throws UserError {
        Expectation expect = Expectation.SUCCESS;
        expect = status.isPresent() ? expect.withStatus(status.get()) : expect;
        expect = length.isPresent() ? expect.withLength(length.get()) : expect;
        String content = content();
        var parts = new ArrayList<Mix.Part>();
        for (Destination.Url each : parsed) {
            parts.add(new Mix.Part(new Request(method, each.path(), headers, content, expect), 1));
        }
        return new Mix(parts);
    }

    private String content() throws UserError {
        try {
            return bodyFile.isPresent() ? Files.readString(bodyFile.get()) : body;
        } catch (IOException e) {
            throw new UserError("the body " + bodyFile.get() + " cannot be read");
        }
    }
}

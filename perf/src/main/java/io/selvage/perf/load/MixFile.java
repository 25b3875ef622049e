package io.selvage.perf.load;

import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import io.selvage.perf.input.YamlFile;
import io.selvage.perf.input.YamlMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A request mix in a file:
///
/// ```yaml
/// requests:
///   - path: /            # all other keys are optional
///     weight: 9
///     method: GET
///     headers: ["Accept: text/html"]
///     body: ""
///     status: 200        # otherwise 200 to 399
///     length: 1024       # otherwise not checked
/// ```
public final class MixFile {
    private MixFile() {
    }

    /// Reads the mix in `file`.
    ///
    /// @throws UserError with line and column if it is wrong
    public static Mix read(Path file) throws UserError {
        return of(YamlFile.read(file));
    }

    static Mix of(YamlMapping top) throws UserError {
        List<Mix.Part> parts = new ArrayList<>();
        for (YamlMapping each : top.mappings("requests")) {
            int weight = Math.toIntExact(Math.min(each.whole("weight", 1, 1), 1_000_000));
            parts.add(new Mix.Part(request(each), weight));
        }
        top.done();
        if (parts.isEmpty()) {
            throw top.wrong("requests", "\"requests\" needs at least one request");
        }
        return new Mix(parts);
    }

    /// Reads one request of a mix or a scenario, from the keys above except `weight`. Unknown keys are an error.
    public static Request request(YamlMapping written) throws UserError {
        Expectation expect = Expectation.SUCCESS;
        if (written.has("status")) {
            expect = expect.withStatus((int) Math.min(written.whole("status", 200, 100), 599));
        }
        if (written.has("length")) {
            expect = expect.withLength(written.whole("length", 0, 0));
        }
        try {
            var request = new Request(written.text("method").orElse("GET"), written.requiredText("path"),
                    written.texts("headers"), written.text("body").orElse(""), expect);
            written.done();
            return request;
        } catch (IllegalArgumentException e) {
            throw written.wrong("path", String.valueOf(e.getMessage()));
        }
    }
}

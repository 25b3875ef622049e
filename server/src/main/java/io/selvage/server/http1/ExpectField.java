package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.Optional;

/// What a client expects before it sends a body (RFC 9110 §10.1.1).
public final class ExpectField {

    private ExpectField() {
    }

    /// Whether the client may wait for a 100 (Continue).
    public static boolean isIn(Headers request) {
        return request.contains("Expect");
    }

    /// Why the request is refused, if it expects something other than 100.
    public static Optional<Refusal> refusal(Headers request) {
        if (!isIn(request)) {
            return Optional.empty();
        }
        List<String> expectations = request.all("Expect");
        boolean known = expectations.size() == 1 && expectations.getFirst().equalsIgnoreCase("100-continue");
        return known ? Optional.empty() : Optional.of(new Refusal(Status.EXPECTATION_FAILED, "an unknown expectation"));
    }
}

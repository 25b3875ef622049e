package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.util.Optional;

/// The response of a healthy peer to `grpc.health.v1.Health/Check`: the call has succeeded, and its message says `SERVING`.
///
/// @param otherStatus a status of the call that is healthy, too, whatever the message says; 0 for none (`grpc_status`)
public record GrpcHealth(int otherStatus) implements ProbeMatch.Test {
    /// Before each message: whether it is compressed, and its length in four bytes.
    static final int PREFIX = 5;

    /// `HealthCheckResponse` has one field, the number of a state: `08 01` is `SERVING`.
    private static final String[] STATES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final char TAG = 0x08;
    private static final int MOST_TEXT = 200;

    @Override
    public Optional<String> failure(ProbeResponse response) {
        int code = response.head().status().code();
        if (code != 200) {
            return Optional.of("the response has status " + code);
        }
        Headers head = response.head().headers();
        Headers last = head.contains("grpc-status") ? head : response.exchange().upstream().peerTrailers();
        String status = last.first("grpc-status").orElse("missing");
        if (otherStatus > 0 && status.equals(Integer.toString(otherStatus))) {
            return Optional.empty();
        }
        if (!status.equals("0")) {
            return Optional.of("the gRPC status is " + status + last.first("grpc-message").map(text -> ": "
                    + text.substring(0, Math.min(MOST_TEXT, text.length()))).orElse(""));
        }
        String state = state(response.body());
        return state.equals("SERVING") ? Optional.empty() : Optional.of("the service is " + state);
    }

    /// A message without bytes has the state 0.
    private static String state(String body) {
        if (body.length() < PREFIX || body.charAt(0) != 0) {
            return "not described by a message";
        }
        String message = body.substring(PREFIX);
        if (message.isEmpty()) {
            return STATES[0];
        }
        boolean known = message.length() == 2 && message.charAt(0) == TAG && message.charAt(1) < STATES.length;
        return known ? STATES[message.charAt(1)] : "in an unknown state";
    }
}

package io.selvage.perf.race;

import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/// Checks that all targets give the same answer, before anything is measured.
final class SameAnswer {
    private record Answer(int status, String contentLength, int length, String sha256) {
        @Override
        public String toString() {
            return "status " + status + ", Content-Length " + contentLength + ", " + length + " bytes, SHA-256 "
                    + sha256.substring(0, 16);
        }
    }

    private SameAnswer() {
    }

    /// Sends one request to every target. Their common answer becomes the expected answer of the race.
    ///
    /// @throws UserError if two answers differ, or if the answer is not the one that the scenario expects
    static Expectation check(Request request, Duration timeout, List<RaceTarget> targets)
            throws UserError, IOException, InterruptedException {
        Answer first = ask(request, timeout, targets.getFirst());
        if (!request.expect().status(first.status) || !request.expect().length(first.length)) {
            throw new UserError(targets.getFirst().name() + " does not answer as the scenario expects: " + first);
        }
        for (RaceTarget other : targets.subList(1, targets.size())) {
            Answer second = ask(request, timeout, other);
            if (!first.equals(second)) {
                throw new UserError("not the same work: " + targets.getFirst().name() + " answers " + first + "; " + other.name()
                        + " answers " + second);
            }
        }
        return Expectation.SUCCESS.withStatus(first.status).withLength(first.length);
    }

    private static Answer ask(Request request, Duration timeout, RaceTarget target) throws IOException, InterruptedException {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(target.url(request.path())))
                .method(request.method(), HttpRequest.BodyPublishers.noBody()).timeout(timeout);
        for (String line : request.headers()) {
            int colon = line.indexOf(':');
            asked.setHeader(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> got = client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(got.body());
            return new Answer(got.statusCode(), got.headers().firstValue("content-length").orElse("absent"), got.body().length,
                    HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

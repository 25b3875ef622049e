package io.selvage.perf.race;

import io.selvage.perf.http.AnyCertificate;
import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.io.ByteArrayInputStream;
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
import java.util.zip.GZIPInputStream;

/// Checks that all targets give the same answer, before anything is measured. Of answers compressed with gzip, the content must
/// be the same: different encoders make different bytes.
final class SameAnswer {
    /// @param coding the content coding; empty for none
    private record Answer(int status, String coding, String contentLength, int length, String sha256) {
        @Override
        public String toString() {
            return "status " + status + ", Content-Length " + contentLength + ", " + length + " bytes"
                    + (isCoded() ? " of " : "") + coding + ", SHA-256 " + sha256.substring(0, 16);
        }

        boolean isCoded() {
            return !coding.isEmpty();
        }

        boolean isLike(Answer other) {
            return equals(other) || isCoded() && status == other.status && coding.equals(other.coding)
                    && sha256.equals(other.sha256);
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
            if (!first.isLike(second)) {
                throw new UserError("not the same work: " + targets.getFirst().name() + " answers " + first + "; " + other.name()
                        + " answers " + second);
            }
        }
        Expectation expected = Expectation.SUCCESS.withStatus(first.status);
        return first.isCoded() ? expected : expected.withLength(first.length);
    }

    private static Answer ask(Request request, Duration timeout, RaceTarget target) throws IOException, InterruptedException {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(target.url(request.path())))
                .method(request.method(), HttpRequest.BodyPublishers.noBody()).timeout(timeout);
        for (String line : request.headers()) {
            int colon = line.indexOf(':');
            asked.setHeader(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        try (HttpClient client = HttpClient.newBuilder().sslContext(AnyCertificate.context())
                .version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> got = client.send(asked.build(), HttpResponse.BodyHandlers.ofByteArray());
            String coding = got.headers().firstValue("content-encoding").orElse("");
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content(coding, got.body()));
            return new Answer(got.statusCode(), coding, got.headers().firstValue("content-length").orElse("absent"),
                    got.body().length, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] content(String coding, byte[] body) throws IOException {
        if (!coding.equals("gzip")) {
            return body;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}

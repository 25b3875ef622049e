package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientRules;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The head of a file's answer, completed and turned into bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeadWriterBenchmark {
    private static final String DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

    private final RequestHead request = new RequestHead(Method.GET, new Target(Target.Form.ORIGIN, "/a", "/a", "", ""),
            Version.HTTP_1_1, Headers.of("Host", "a"), "GET /a HTTP/1.1", 30);
    private final ResponseHead head = new ResponseHead(Status.OK, Headers.of("Server", "selvage", "Content-Type", "text/html",
            "Last-Modified", DATE, "ETag", "\"69554f80-400\"", "Accept-Ranges", "bytes"));
    private final Body body = Body.text("x".repeat(1024));

    @Benchmark
    public ByteBuffer file() throws Failure {
        return HeadWriter.bytes(HeadWriter.complete(request, head, body, true, ClientRules.DEFAULT, DATE).head());
    }
}

package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/// Writes the head of a file's answer: with prepared fields, and with fields made for one answer.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeadWriterBenchmark {
    private static final DateField.Second DATE = DateField.at(0);

    private final ByteBuffer room = ByteBuffer.allocate(HeadWriter.ROOM);
    private final RequestHead request = request("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    private final Headers fields = Headers.of("Content-Type", "text/html",
            "Last-Modified", DATE.text(), "ETag", "\"69554f80-400\"", "Accept-Ranges", "bytes");
    private final ResponseHead kept = new ResponseHead(Status.OK, fields.reusable());
    private final ResponseHead passing = new ResponseHead(Status.OK, fields);
    private final Body body = Body.text("x".repeat(1024));

    @Benchmark
    public ByteBuffer kept() throws Failure {
        return HeadWriter.write(request, kept, body, true, ClientOptions.DEFAULT, "selvage", DATE, room).bytes();
    }

    @Benchmark
    public ByteBuffer passing() throws Failure {
        return HeadWriter.write(request, passing, body, true, ClientOptions.DEFAULT, "selvage", DATE, room).bytes();
    }

    private static RequestHead request(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (new HeadParser(ClientOptions.DEFAULT).parse(bytes, 0, bytes.length) instanceof Parsed.Head(RequestHead head, int _)) {
            return head;
        }
        throw new IllegalStateException("the head was not parsed");
    }
}

package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.RequestHead;
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

/// Parses one request head that arrived in one piece: a short one from a load generator, and one from a browser.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeadParserBenchmark {
    private final byte[] small = bytes("GET /body.bin HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
    private final byte[] browser = bytes("""
            GET /shop/list.html?page=2&sort=price HTTP/1.1
            Host: shop.example.com
            Connection: keep-alive
            Cache-Control: max-age=0
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Referer: http://shop.example.com/shop/
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-GB,en;q=0.9
            Cookie: session=9f8e7d6c5b4a39281706f5e4d3c2b1a0; basket=17

            """.replace("\n", "\r\n"));

    @Benchmark
    public RequestHead small() {
        return parse(small);
    }

    @Benchmark
    public RequestHead browser() {
        return parse(browser);
    }

    private static RequestHead parse(byte[] bytes) {
        var parser = new HeadParser(ClientOptions.DEFAULT);
        if (parser.parse(bytes, 0, bytes.length) instanceof Parsed.Head(RequestHead head, int used)
                && used == bytes.length) {
            return head;
        }
        throw new IllegalStateException("the head was not parsed");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

package io.selvage.server.fuzz;

import io.selvage.server.config.WordFuzz;
import io.selvage.server.http.FieldValueFuzz;
import io.selvage.server.http.RangeFuzz;
import io.selvage.server.http.RegexFuzz;
import io.selvage.server.http.TargetFuzz;
import io.selvage.server.http.TemplateFuzz;
import io.selvage.server.http1.ChunkFuzz;
import io.selvage.server.http1.ProxyHeaderFuzz;
import io.selvage.server.http1.RequestHeadFuzz;
import io.selvage.server.http1.ResponseHeadFuzz;
import io.selvage.server.http2.FrameFuzz;
import io.selvage.server.http2.HpackFuzz;
import io.selvage.server.module.ConfigFuzz;
import io.selvage.server.module.CookieFuzz;
import io.selvage.server.proxy.CgiHeadFuzz;
import io.selvage.server.proxy.FastCgiResponseFuzz;
import io.selvage.server.proxy.UwsgiPacketFuzz;
import io.selvage.server.ssi.SsiPageFuzz;
import io.selvage.server.tls.ClientHelloFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The parsers that are fuzzed. Each has a class that checks what holds for every input, and a folder of inputs written by hand,
/// the seeds.
public enum FuzzTarget {
    REQUEST_HEAD(RequestHeadFuzz.class, RequestHeadFuzz::fuzzerTestOneInput, 2_400),
    RESPONSE_HEAD(ResponseHeadFuzz.class, ResponseHeadFuzz::fuzzerTestOneInput, 3_200),
    PROXY_HEADER(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput, 8_000),
    CLIENT_HELLO(ClientHelloFuzz.class, ClientHelloFuzz::fuzzerTestOneInput, 8_000),
    CHUNK(ChunkFuzz.class, ChunkFuzz::fuzzerTestOneInput, 6_000),
    REQUEST_TARGET(TargetFuzz.class, TargetFuzz::fuzzerTestOneInput, 12_000),
    RANGE(RangeFuzz.class, RangeFuzz::fuzzerTestOneInput, 20_000),
    FIELD_VALUE(FieldValueFuzz.class, FieldValueFuzz::fuzzerTestOneInput, 4_000),
    COOKIE(CookieFuzz.class, CookieFuzz::fuzzerTestOneInput, 4_000),
    CGI_HEAD(CgiHeadFuzz.class, CgiHeadFuzz::fuzzerTestOneInput, 8_000),
    FASTCGI_RESPONSE(FastCgiResponseFuzz.class, FastCgiResponseFuzz::fuzzerTestOneInput, 8_000),
    UWSGI_PACKET(UwsgiPacketFuzz.class, UwsgiPacketFuzz::fuzzerTestOneInput, 4_000),
    SSI_PAGE(SsiPageFuzz.class, SsiPageFuzz::fuzzerTestOneInput, 8_000),
    TEMPLATE(TemplateFuzz.class, TemplateFuzz::fuzzerTestOneInput, 8_000),
    REGEX(RegexFuzz.class, RegexFuzz::fuzzerTestOneInput, 4_000),
    WORD(WordFuzz.class, WordFuzz::fuzzerTestOneInput, 8_000),
    HPACK(HpackFuzz.class, HpackFuzz::fuzzerTestOneInput, 8_000),
    HTTP2_FRAME(FrameFuzz.class, FrameFuzz::fuzzerTestOneInput, 2_000),
    CONFIG(ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput, 400);

    /// Checks one input.
    interface Check {
        void accept(byte[] input) throws Exception;
    }

    private final Class<?> type;
    private final Check check;
    private final int runs;

    FuzzTarget(Class<?> type, Check check, int runs) {
        this.type = type;
        this.check = check;
        this.runs = runs;
    }

    /// The class that the fuzzer calls.
    Class<?> type() {
        return type;
    }

    /// Throws where something does not hold for the input.
    void check(byte[] input) throws Exception {
        check.accept(input);
    }

    /// How many inputs are tried where the time is short.
    int runs() {
        return runs;
    }

    /// As its folder is named.
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Its inputs.
    Path seeds() {
        return Path.of(System.getProperty("selvage.root"), "server/src/test/fuzz", id());
    }

    /// The files of [#seeds], in order.
    List<Path> seedFiles() throws IOException {
        try (Stream<Path> files = Files.list(seeds())) {
            return files.sorted().toList();
        }
    }
}

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
    REQUEST_HEAD(RequestHeadFuzz.class, RequestHeadFuzz::fuzzerTestOneInput),
    RESPONSE_HEAD(ResponseHeadFuzz.class, ResponseHeadFuzz::fuzzerTestOneInput),
    PROXY_HEADER(ProxyHeaderFuzz.class, ProxyHeaderFuzz::fuzzerTestOneInput),
    CLIENT_HELLO(ClientHelloFuzz.class, ClientHelloFuzz::fuzzerTestOneInput),
    CHUNK(ChunkFuzz.class, ChunkFuzz::fuzzerTestOneInput),
    REQUEST_TARGET(TargetFuzz.class, TargetFuzz::fuzzerTestOneInput),
    RANGE(RangeFuzz.class, RangeFuzz::fuzzerTestOneInput),
    FIELD_VALUE(FieldValueFuzz.class, FieldValueFuzz::fuzzerTestOneInput),
    COOKIE(CookieFuzz.class, CookieFuzz::fuzzerTestOneInput),
    CGI_HEAD(CgiHeadFuzz.class, CgiHeadFuzz::fuzzerTestOneInput),
    FASTCGI_RESPONSE(FastCgiResponseFuzz.class, FastCgiResponseFuzz::fuzzerTestOneInput),
    UWSGI_PACKET(UwsgiPacketFuzz.class, UwsgiPacketFuzz::fuzzerTestOneInput),
    SSI_PAGE(SsiPageFuzz.class, SsiPageFuzz::fuzzerTestOneInput),
    TEMPLATE(TemplateFuzz.class, TemplateFuzz::fuzzerTestOneInput),
    REGEX(RegexFuzz.class, RegexFuzz::fuzzerTestOneInput),
    WORD(WordFuzz.class, WordFuzz::fuzzerTestOneInput),
    HPACK(HpackFuzz.class, HpackFuzz::fuzzerTestOneInput),
    HTTP2_FRAME(FrameFuzz.class, FrameFuzz::fuzzerTestOneInput),
    CONFIG(ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput, 400);

    /// Checks one input.
    interface Check {
        void accept(byte[] input) throws Exception;
    }

    private final Class<?> type;
    private final Check check;
    private final int most;

    FuzzTarget(Class<?> type, Check check) {
        this(type, check, Integer.MAX_VALUE);
    }

    FuzzTarget(Class<?> type, Check check, int most) {
        this.type = type;
        this.check = check;
        this.most = most;
    }

    /// The class that the fuzzer calls.
    Class<?> type() {
        return type;
    }

    /// Throws where something does not hold for the input.
    void check(byte[] input) throws Exception {
        check.accept(input);
    }

    /// How many inputs are tried at most where the time is short; fewer for a target that is slow.
    int most() {
        return most;
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

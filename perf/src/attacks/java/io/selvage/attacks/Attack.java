package io.selvage.attacks;

import java.io.IOException;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A request, or a connection, in which the client chooses a small unit of work and repeats it.
enum Attack {
    ORDINARY_FILE(get("/small.txt", "")),
    ORDINARY_LONG_FILE(get("/file.bin", "")),
    ORDINARY_PROXIED(get("/app/", "")),
    ONE_BYTE_CHUNKS(chunked("/app/", "1\r\nx\r\n".repeat(200_000))),
    ONE_BYTE_CHUNKS_STREAMED(chunked("/streamed/", "1\r\nx\r\n".repeat(200_000))),
    ONE_BYTE_CHUNKS_TO_A_FILE_ONLY(chunked("/small.txt", "1\r\nx\r\n".repeat(200_000))),
    ONE_BYTE_CHUNKS_IN_SEGMENTS(segments(chunked("/app/", "1\r\nx\r\n".repeat(5_000)), 6)),
    ONE_BYTE_CHUNKS_STREAMED_IN_SEGMENTS(segments(chunked("/streamed/", "1\r\nx\r\n".repeat(5_000)), 6)),
    ONE_BYTE_SEGMENTS_OF_A_BODY(segments(body("/app/", 10_000), 1)),
    ONE_BYTE_SEGMENTS_STREAMED(segments(body("/streamed/", 10_000), 1)),
    SMALL_CHUNK_EXTENSIONS(chunked("/app/", "1;a\r\nx\r\n".repeat(150_000))),
    LONG_CHUNK_EXTENSIONS(chunked("/app/", ("1;" + "a".repeat(3_000) + "\r\nx\r\n").repeat(400))),
    LONG_CHUNK_EXTENSIONS_WITH_DATA(chunked("/app/",
            ("fa0;" + "a".repeat(3_000) + "\r\n" + "x".repeat(4_000) + "\r\n").repeat(150))),
    TRAILERS(get("/app/", "Transfer-Encoding: chunked\r\n").replace("GET", "POST") + "1\r\nx\r\n0\r\n"
            + "a:1\r\n".repeat(5_000) + "\r\n"),
    EMPTY_LINES("\r\n".repeat(100_000) + get("/small.txt", "")),
    FIELDS_TO_A_FILE(get("/small.txt", "a:1\r\n".repeat(6_000))),
    FIELDS_TO_A_PEER(get("/app/", "a:1\r\n".repeat(6_000))),
    DIFFERENT_FIELDS_TO_A_PEER(get("/app/",
            IntStream.range(0, 3_000).mapToObj(i -> "a" + i + ":1\r\n").collect(Collectors.joining()))),
    DROPPED_FIELDS(get("/app/", "_:1\r\n".repeat(6_000))),
    COOKIES(get("/values/", "Cookie: " + "a=1;".repeat(1_900) + "\r\n")),
    ARGUMENTS(get("/values/?" + "a=1&".repeat(1_900), "")),
    HEAD_IN_ONE_BYTE_SEGMENTS(segments(get("/small.txt", ("X-Long: " + "x".repeat(90) + "\r\n").repeat(80)), 1)),
    DOTS_IN_A_TARGET(get("/a/../".repeat(1_300) + "small.txt", "")),
    SLASHES_IN_A_TARGET(get("/".repeat(8_000) + "small.txt", "")),
    ENCODED_TARGET(get("/" + "%61".repeat(2_600), "")),
    TINY_RANGES(get("/file.bin", "Range: bytes=" + ranges(1_000, 2, 1) + "\r\n")),
    LARGER_RANGES(get("/file.bin", "Range: bytes=" + ranges(500, 2_000, 1_000) + "\r\n")),
    OVERLAPPING_RANGES(get("/file.bin", "Range: bytes=" + "0-,".repeat(2_000) + "0-0\r\n")),
    BACKTRACKING(get("/search/" + "a".repeat(30) + "!", "")),
    BACKTRACKING_OF_A_LONG_TEXT(get("/search/" + "a".repeat(7_000) + "!", "")),
    ENTITY_TAGS(get("/file.bin", "Range: bytes=0-0\r\nIf-None-Match: " + "\"a\",".repeat(1_900) + "\"b\"\r\n")),
    CODINGS(get("/small.txt", "Accept-Encoding: " + "a;q=0,".repeat(1_300) + "b\r\n")),
    FORWARDED_ADDRESSES(get("/values/", "X-Forwarded-For: " + "1.1.1.1,".repeat(980) + "1.1.1.1\r\n")),
    PIPELINED_REQUESTS("GET /small.txt HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000) + get("/small.txt", "")),
    LEFT_IN_A_HEAD(100, "GET /small.txt HT"),
    LEFT_DURING_A_FILE(100, get("/file.bin", "")),
    LEFT_DURING_A_LONG_FILE(100, get("/long.bin", "")),
    LEFT_BEFORE_AN_ANSWER(100, get("/app/slow", "")),
    LEFT_IN_AN_UPLOAD(100, body("/app/", 1_000_000).substring(0, 250_000)),
    LEFT_IN_A_STREAMED_UPLOAD(100, body("/streamed/", 1_000_000).substring(0, 250_000)),
    SMALL_WINDOW {
        @Override
        String run(Target target, Random random) throws IOException {
            return Client.withSmallWindow(target, get("/file.bin", "Range: bytes=0-199999\r\n"));
        }
    },
    LIMITED_RATE {
        @Override
        String run(Target target, Random random) throws IOException, InterruptedException {
            return Client.trickle(target, get("/slow/file.bin", ""), 100);
        }
    },
    TUNNEL_IN_ONE_BYTE_SEGMENTS {
        @Override
        String run(Target target, Random random) throws IOException {
            return Client.tunnel(target, 5_000);
        }
    },
    TLS_RECORDS_OF_ONE_BYTE {
        @Override
        String run(Target target, Random random) throws IOException {
            return Client.tlsRecords(target, body("/app/", 5_000));
        }
    },
    HTTP2_DATA_OF_ONE_BYTE {
        @Override
        String run(Target target, Random random) throws IOException {
            return Http2Client.data(target, 1, 50_000);
        }
    },
    HTTP2_PADDED_DATA_OF_ONE_BYTE {
        @Override
        String run(Target target, Random random) throws IOException {
            return Http2Client.paddedData(target, 1_000);
        }
    },
    HTTP2_STREAMS {
        @Override
        String run(Target target, Random random) throws IOException {
            return Http2Client.streams(target, 500);
        }
    },
    HTTP2_FIELDS {
        @Override
        String run(Target target, Random random) throws IOException {
            return Http2Client.fields(target, 10_000);
        }
    };

    private final Request request;
    private final int clients;                 // that leave; 0 where one waits for its answer

    Attack(int clients, String bytes) {
        this.request = new Request(bytes, Integer.MAX_VALUE);
        this.clients = clients;
    }

    Attack() {
        this("");
    }

    Attack(String bytes) {
        this(new Request(bytes, Integer.MAX_VALUE));
    }

    Attack(Request request) {
        this.request = request;
        this.clients = 0;
    }

    /// What is sent, and how many bytes at a time.
    record Request(String bytes, int segment) {
    }

    /// @return the status of the last answer, or why there was none
    String run(Target target, Random random) throws IOException, InterruptedException {
        return clients > 0 ? Client.leave(target, request.bytes, clients, random)
                : Client.ask(target, request.bytes, request.segment);
    }

    private static String get(String target, String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n";
    }

    private static String body(String target, int size) {
        return get(target, "Content-Length: " + size + "\r\n").replace("GET", "POST") + "x".repeat(size);
    }

    private static String chunked(String target, String chunks) {
        return get(target, "Transfer-Encoding: chunked\r\n").replace("GET", target.endsWith("txt") ? "GET" : "POST") + chunks
                + "0\r\n\r\n";
    }

    private static Request segments(String bytes, int size) {
        return new Request(bytes, size);
    }

    private static String ranges(int count, int distance, int size) {
        return IntStream.range(0, count).mapToObj(i -> i * distance + "-"
                + (i * distance + size - 1)).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

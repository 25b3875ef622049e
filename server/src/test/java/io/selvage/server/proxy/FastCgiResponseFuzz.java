package io.selvage.server.proxy;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http1.FakeConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Responses of FastCGI applications. The input is what came on the connection.
public final class FastCgiResponseFuzz {
    private static final Duration LONG = Duration.ofSeconds(1);
    private static final int READ_SIZE = 7;

    private FastCgiResponseFuzz() {
    }

    /// What was read, and what came on the error stream.
    private record Result(String output, String end, List<String> errors) {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Result whole = read(new FakeConnection().sends(input).ends());
        assertTrue(whole.output.length() <= input.length);
        assertTrue(whole.errors.stream().allMatch(text -> text.length() <= 2048 && !text.isEmpty()));
        for (int cut : FuzzInput.cuts(input)) {
            Result cutOnce = read(new FakeConnection().sends(Arrays.copyOf(input, cut)).hesitates()
                    .sends(Arrays.copyOfRange(input, cut, input.length)).ends());
            assertEquals(whole, cutOnce);
        }
    }

    private static Result read(FakeConnection wire) {
        List<String> errors = new ArrayList<>();
        FastCgiConnection connection = new FastCgiConnection(wire);
        connection.begin((text, _) -> {
            errors.add(text);
            return text.contains("caught");
        });
        StringBuilder output = new StringBuilder();
        ByteBuffer into = ByteBuffer.allocate(READ_SIZE);
        try {
            while (connection.read(into, LONG) >= 0) {
                output.append(ISO_8859_1.decode(into.flip()));
                into.clear();
            }
            assertTrue(connection.isAtEnd());
            return new Result(output.toString(), "end", errors);
        } catch (IOException e) {
            return new Result(output.toString(), e.getMessage(), errors);
        }
    }
}

package io.selvage.server.http1;

import io.selvage.server.http1.ProxyHeaderParser.Parsed;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Headers of the PROXY protocol.
public final class ProxyHeaderFuzz {
    private ProxyHeaderFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Parsed whole = ProxyHeaderParser.parse(input, input.length);
        boolean decided = false;
        for (int length = 0; length <= input.length; length++) {
            Parsed soFar = ProxyHeaderParser.parse(Arrays.copyOf(input, length), length);
            if (decided) {
                assertEquals(whole, soFar);
            }
            decided = decided || !(soFar instanceof Parsed.NeedMore);
        }
        switch (whole) {
            case Parsed.Header(var header, int used) -> {
                assertTrue(used <= input.length && used <= ProxyHeaderParser.LONGEST);
                header.tlsVerification();
                header.tlsValue(0x21);
            }
            case Parsed.NeedMore() -> assertTrue(input.length < ProxyHeaderParser.LONGEST);
            case Parsed.Broken(var why) -> assertTrue(!why.isEmpty());
        }
    }
}

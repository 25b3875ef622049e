package io.selvage.server.proxy;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The `Status` field of responses in the form of CGI. The input is fields, one `name: value` a line.
public final class CgiHeadFuzz {
    private CgiHeadFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        ResponseHead head = new ResponseHead(Status.OK, FuzzInput.fields(FuzzInput.lines(input)));
        ResponseHead decoded = CgiHead.decode(head);
        Headers fields = decoded.headers();
        if (!head.headers().contains("Status")) {
            assertSame(head, decoded);
            return;
        }
        assertFalse(fields.contains("Status"));
        assertEquals(head.headers().without(name -> name.equalsIgnoreCase("Status")), fields);
        String code = Integer.toString(decoded.status().code());
        String value = head.headers().first("Status").orElseThrow();
        assertTrue(decoded.status().equals(Status.BAD_GATEWAY)
                || code.charAt(0) >= '2' && value.matches("(?s)[ \t]*" + code + "(?: .*|[ \t]*)"), value);
    }
}

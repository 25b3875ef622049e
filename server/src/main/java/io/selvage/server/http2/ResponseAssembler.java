package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;

/// Makes a response of the fields of a header block (RFC 9113 §8.2, §8.3.2). Call [#begin], pass it to a [HpackDecoder], call
/// [#finish]. Used by one thread at a time. The decoder bounds the bytes; the number of fields is bounded here.
public final class ResponseAssembler implements FieldSink {
    private static final int MAX_FIELDS = 1000;

    private Headers.Builder fields = Headers.builder();
    private String status = "";
    private long contentLength = -1;
    private int count;
    private String fault = "";

    /// Forgets the response before.
    public void begin() {
        fields = Headers.builder();
        status = "";
        contentLength = -1;
        count = 0;
        fault = "";
    }

    @Override
    public void field(String name, String value, int traits) {
        if (++count > MAX_FIELDS) {
            fail("too many fields");
        } else if ((traits & FieldTraits.PSEUDO) != 0) {
            pseudo(name, value);
        } else {
            fail(FieldChecks.fault(name, value, traits));
            if (name.equals("content-length")) {
                contentLength(value);
            }
            fields.add(name, value);
        }
    }

    /// The response of the fields since [#begin].
    ///
    /// @param complete what [HpackDecoder#decode] said: false if there were too many fields
    public AssembledResponse finish(boolean complete) {
        boolean valid = status.length() == 3 && FieldChecks.contentLength(status) >= 100;
        if (!valid || status.equals("101")) {
            fail("no :status, or an invalid one");
        }
        if (!complete) {
            fail("too large a head");
        }
        return fault.isEmpty()
                ? new AssembledResponse.Valid(new ResponseHead(Status.of(Integer.parseInt(status)), fields.build()),
                        contentLength)
                : new AssembledResponse.Malformed(fault);
    }

    private void pseudo(String name, String value) {
        if (!name.equals(":status") || !status.isEmpty() || count > 1) {
            fail("a pseudo-header field that is unknown, repeated or behind a field");
        }
        status = value;
    }

    private void contentLength(String value) {
        long length = FieldChecks.contentLength(value);
        if (length < 0 || contentLength >= 0) {
            fail(length < 0 ? "an invalid Content-Length" : "more than one Content-Length");
        }
        contentLength = length;
    }

    private void fail(String reason) {
        if (fault.isEmpty()) {
            fault = reason;
        }
    }
}

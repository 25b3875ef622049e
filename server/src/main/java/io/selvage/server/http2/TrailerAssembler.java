package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.http1.FieldNames;

/// Makes a trailer section of the fields of a header block (RFC 9113 §8.1). Call [#begin], pass it to a [HpackDecoder], call
/// [#finish]. Used by one thread at a time.
///
/// Fields that must not stand in a trailer section are dropped (RFC 9110 §6.5.1).
public final class TrailerAssembler implements FieldSink {
    private static final int MAX_FIELDS = 1000;

    private Headers.Builder fields = Headers.builder();
    private int count;
    private String fault = "";

    /// Forgets the section before.
    public void begin() {
        fields = Headers.builder();
        count = 0;
        fault = "";
    }

    @Override
    public void field(String name, String value, int traits) {
        if (++count > MAX_FIELDS) {
            fail("too many fields");
        } else if ((traits & FieldTraits.PSEUDO) != 0) {
            fail("a pseudo-header field in a trailer section");
        } else {
            fail(FieldChecks.fault(name, value, traits));
            if (!FieldNames.isNotForTrailers(name)) {
                fields.add(name, value);
            }
        }
    }

    /// The section of the fields since [#begin].
    ///
    /// @param stream that it ends
    /// @param complete what [HpackDecoder#decode] said: false if there were too many fields
    /// @throws Http2Error PROTOCOL_ERROR of the stream, for a section that is malformed or too large
    public Headers finish(int stream, boolean complete) throws Http2Error {
        if (!complete) {
            fail("too large a trailer section");
        }
        if (!fault.isEmpty()) {
            throw Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream, fault);
        }
        return fields.build();
    }

    private void fail(String reason) {
        if (fault.isEmpty()) {
            fault = reason;
        }
    }
}

package io.selvage.server.route;

import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a resource, as the head of a 206 describes it.
///
/// @param start the position of its first byte
/// @param end the position behind its last byte
/// @param length of the whole resource
/// @param etag of the resource, if there is one
record SlicePart(long start, long end, long length, Optional<String> etag) {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    /// Reads the head of the part that was asked for.
    ///
    /// @param from where the part has to begin
    /// @param size of a part that does not lie at the end of the resource
    /// @throws Failure if this is another part, or none
    static SlicePart of(ResponseHead head, long from, long size) throws Failure {
        if (!head.status().equals(Status.PARTIAL_CONTENT)) {
            throw malformed("unexpected status code " + head.status().code() + " in slice response");
        }
        Matcher range = CONTENT_RANGE.matcher(head.headers().first("Content-Range").orElse(""));
        if (!range.matches()) {
            throw malformed("invalid range in slice response");
        }
        if (range.group(3).equals("*")) {
            throw malformed("no complete length in slice response");
        }
        long start = Long.parseLong(range.group(1));
        long end = Long.parseLong(range.group(2)) + 1;
        long length = Long.parseLong(range.group(3));
        if (start != from || end != Math.min(from + size, length)) {
            throw malformed("unexpected range in slice response: " + start + "-" + end);
        }
        return new SlicePart(start, end, length, head.headers().first("ETag"));
    }

    /// @throws Failure unless another part is one of the same resource
    void check(SlicePart other) throws Failure {
        if (!etag.equals(other.etag)) {
            throw malformed("etag mismatch in slice response");
        }
    }

    private static Failure malformed(String why) {
        return Failure.upstream(Failure.What.MALFORMED, false, why);
    }
}

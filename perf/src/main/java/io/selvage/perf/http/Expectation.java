package io.selvage.perf.http;

/// The expected answer: a status from `lowestStatus` to `highestStatus`, and a body of `length` bytes unless that is
/// [#ANY_LENGTH].
public record Expectation(int lowestStatus, int highestStatus, long length) {
    /// The length is not checked. Completeness always is.
    public static final long ANY_LENGTH = -1;
    /// Any status from 200 to 399.
    public static final Expectation SUCCESS = new Expectation(200, 399, ANY_LENGTH);

    public Expectation {
        if (lowestStatus < 100 || highestStatus > 599 || lowestStatus > highestStatus) {
            throw new IllegalArgumentException("no range of statuses: " + lowestStatus + " to " + highestStatus);
        }
        if (length < ANY_LENGTH) {
            throw new IllegalArgumentException("no length: " + length);
        }
    }

    /// A copy that expects exactly this status.
    public Expectation withStatus(int status) {
        return new Expectation(status, status, length);
    }

    /// A copy that expects a body of exactly this many bytes.
    public Expectation withLength(long bytes) {
        return new Expectation(lowestStatus, highestStatus, bytes);
    }

    /// True if `status` is expected.
    public boolean status(int status) {
        return status >= lowestStatus && status <= highestStatus;
    }

    /// True if a body of `bytes` bytes is expected.
    public boolean length(long bytes) {
        return length == ANY_LENGTH || length == bytes;
    }
}

package io.selvage.server.http;

/// Content in a content coding (RFC 9110 §8.4), with its length before and after. The lengths grow while it is sent.
public interface CodedContent {
    /// The coding as `Content-Encoding` names it.
    String coding();

    /// Bytes without the coding, until now.
    long before();

    /// Bytes with it, until now.
    long after();
}

package io.selvage.server.http;

/// The versions of HTTP that are spoken (RFC 9112 §2.3, RFC 9113).
public enum Version {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2.0");

    private final String text;

    Version(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}

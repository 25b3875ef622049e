package io.selvage.server.tls;

import java.io.IOException;

/// A file with certificates, keys or revocation lists cannot be used. The message is the reason, without the name of the file.
public final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1;

    public TlsFileException(String message) {
        super(message);
    }

    TlsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}

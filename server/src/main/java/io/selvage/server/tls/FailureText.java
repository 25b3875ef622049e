package io.selvage.server.tls;

import java.util.Locale;

/// Says in few words why an engine failed.
final class FailureText {
    private static final String BORINGSSL = "OPENSSL_internal:";

    private FailureText() {
    }

    /// The message of the innermost cause that has one; of a message of BoringSSL, such as
    /// `error:100000f0:SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL`, the last part.
    static String of(Throwable failure) {
        String text = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !message.isEmpty()) {
                text = message;
            }
        }
        int at = text.indexOf(BORINGSSL);
        return at < 0 ? text : text.substring(at + BORINGSSL.length()).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

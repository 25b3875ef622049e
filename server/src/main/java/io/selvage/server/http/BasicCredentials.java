package io.selvage.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A user name and a password as a client sends them (RFC 7617 §2), not verified.
///
/// @param user never empty; each `char` is one byte, as in the password
public record BasicCredentials(String user, String password) {
    private static final String SCHEME = "basic ";

    /// Those in the field `Authorization`; empty if there are none, if they are malformed, or if there are several such fields.
    public static Optional<BasicCredentials> of(Headers headers) {
        List<String> fields = headers.all("Authorization");
        String field = fields.size() == 1 ? fields.getFirst() : "";
        if (!field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            byte[] pair = Base64.getDecoder().decode(Whitespace.trim(field.substring(SCHEME.length())));
            String text = new String(pair, StandardCharsets.ISO_8859_1);
            int colon = text.indexOf(':');
            return colon < 1 ? Optional.empty()
                    : Optional.of(new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}

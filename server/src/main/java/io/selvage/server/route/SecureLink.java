package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Checks that a link was made by someone who knows a secret (`secure_link`).
public sealed interface SecureLink {
    /// The length of an MD5 hash in hexadecimal, and in base64 with padding.
    int HEX = 32;
    int BASE64 = 24;

    /// What `$secure_link` and `$secure_link_expires` show.
    ///
    /// @param value empty for a link that is not authentic
    /// @param expires the time in the link, as it is written; empty for none
    record Checked(Optional<String> value, Optional<String> expires) {
        static final Checked INVALID = new Checked(Optional.empty(), Optional.empty());
    }

    Checked check(Exchange exchange);

    /// The hash and the time are in a text: `secure_link` and `secure_link_md5`.
    ///
    /// @param link the hash in base64url, and behind a comma the time when the link expires, in seconds since 1970
    /// @param hashed the text whose MD5 hash must be that of the link
    /// @param seconds the time of day since 1970
    record Hashed(Text link, Text hashed, LongSupplier seconds) implements SecureLink {

        @Override
        public Checked check(Exchange exchange) {
            String text = link.apply(exchange);
            int comma = text.indexOf(',');
            Optional<String> expires = comma < 0 ? Optional.empty() : Optional.of(text.substring(comma + 1));
            long time = expires.map(Hashed::time).orElse(Long.MAX_VALUE);
            if (time <= 0) {
                return Checked.INVALID;
            }
            byte[] hash = decoded(comma < 0 ? text : text.substring(0, comma));
            if (!MessageDigest.isEqual(hash, md5(hashed.apply(exchange)))) {
                return new Checked(Optional.empty(), expires);
            }
            return new Checked(Optional.of(time < seconds.getAsLong() ? "0" : "1"), expires);
        }

        private static long time(String text) {
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        }

        private static byte[] decoded(String hash) {
            int padding = hash.indexOf('=');
            try {
                return hash.length() > BASE64 ? new byte[0]
                        : Base64.getUrlDecoder().decode(padding < 0 ? hash : hash.substring(0, padding));
            } catch (IllegalArgumentException _) {
                return new byte[0];
            }
        }
    }

    /// The hash is a part of the path, `/prefix/hash/link`: `secure_link_secret`. The value is the link.
    record InPath(String secret) implements SecureLink {

        @Override
        public Checked check(Exchange exchange) {
            String path = exchange.request().target().raw();
            int start = path.indexOf('/', 1) + 1;
            int end = path.indexOf('/', start);
            if (start <= 0 || end - start != HEX || end + 1 == path.length()) {
                return Checked.INVALID;
            }
            String rest = path.substring(end + 1);
            String expected = HexFormat.of().formatHex(md5(rest + secret));
            boolean authentic = MessageDigest.isEqual(bytes(expected), bytes(lower(path.substring(start, end))));
            return authentic ? new Checked(Optional.of(rest), Optional.empty()) : Checked.INVALID;
        }

        private static String lower(String hex) {
            return hex.toLowerCase(Locale.ROOT);
        }
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

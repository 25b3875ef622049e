package io.selvage.server.module;

import io.selvage.server.config.Argument;
import java.net.URI;

/// The address of an OCSP responder: `ssl_stapling_responder`.
///
/// @param text over plain HTTP, as in nginx
record ResponderUrl(String text) {
    static ResponderUrl read(Argument argument) {
        try {
            URI uri = URI.create(argument.text());
            if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
                argument.refuse("a URL that begins with \"http://\"");
            }
        } catch (IllegalArgumentException e) {
            argument.refuse("a URL that begins with \"http://\"");
        }
        return new ResponderUrl(argument.text());
    }
}

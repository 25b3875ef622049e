package io.selvage.server.route;

import io.selvage.server.http.Headers;
import java.util.Optional;

/// The fields of an answer whose body is changed on its way, so that its length and its ranges are not known.
public final class ChangedBody {
    private ChangedBody() {
    }

    /// The fields without those that the change makes wrong; an `ETag` becomes a weak one (RFC 9110 §8.8.3).
    public static Headers fields(Headers headers) {
        Headers kept = headers.without(name -> Headers.same(name, "Content-Length") || Headers.same(name, "Accept-Ranges"));
        Optional<String> tag = kept.first("ETag");
        return tag.isEmpty() || tag.get().startsWith("W/") ? kept : kept.replacing("ETag", "W/" + tag.get());
    }

    /// The same without the validators: the body depends on more than what they are for.
    public static Headers withoutValidators(Headers headers) {
        return fields(headers).without(name -> Headers.same(name, "ETag") || Headers.same(name, "Last-Modified"));
    }
}

package io.selvage.server.transform;

import io.selvage.server.http.Headers;
import java.util.Optional;

/// What a changed body means for the fields that describe the original one.
final class BodyChange {
    private BodyChange() {
    }

    /// The fields with a weak `ETag`, if they have one: the bytes are others, the content is equivalent (RFC 9110 §8.8.1).
    static Headers weakened(Headers fields) {
        Optional<String> tag = fields.first("ETag");
        return tag.isEmpty() || tag.get().startsWith("W/") ? fields : fields.replacing("ETag", "W/" + tag.get());
    }
}

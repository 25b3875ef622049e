package io.selvage.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/// Reads JSON with a parser that is not ours.
public final class Json {
    private Json() {
    }

    /// The members of an object. Fails for a text that is no JSON (RFC 8259), which has no control character and is UTF-8.
    ///
    /// @param latin1 each `char` is one byte
    public static Map<String, Object> object(String latin1) {
        if (latin1.chars().anyMatch(c -> c < ' ')) {
            throw new AssertionError("a control character in " + latin1);
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return JsonUtil.parseJson(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (JoseException | CharacterCodingException e) {
            throw new AssertionError("no JSON: " + latin1, e);
        }
    }
}

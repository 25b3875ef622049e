package io.selvage.server.proxy;

import io.selvage.server.http.Text;
import java.nio.file.Path;

/// What becomes of the body of a request.
///
/// @param content which body the peer gets
/// @param held whether it is received in full before a peer is troubled with it (`proxy_request_buffering`)
/// @param inMemory the most bytes kept in memory then (`client_body_buffer_size`)
/// @param folder where longer ones are put (`client_body_temp_path`)
public record RequestBodyOptions(Content content, boolean held, int inMemory, Path folder) {

    /// Which body a peer gets.
    public sealed interface Content {
        /// The client's.
        record Passed() implements Content {
        }

        /// None (`proxy_pass_request_body off`).
        record Omitted() implements Content {
        }

        /// Another one (`proxy_set_body`); each `char` is one byte.
        record Written(Text text) implements Content {
        }
    }

    /// The client's body, held, in memory up to 16 KiB.
    public static RequestBodyOptions defaults(Path folder) {
        return new RequestBodyOptions(new Content.Passed(), true, 16384, folder);
    }

    public RequestBodyOptions withContent(Content changed) {
        return new RequestBodyOptions(changed, held, inMemory, folder);
    }

    public RequestBodyOptions withHeld(boolean changed) {
        return new RequestBodyOptions(content, changed, inMemory, folder);
    }
}

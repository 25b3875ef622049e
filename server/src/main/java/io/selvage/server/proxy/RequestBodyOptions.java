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
}

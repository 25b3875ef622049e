package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// Which body a peer gets with a request, and how it is received.
///
/// @param content which body
/// @param buffered true if it is received in full before a peer is tried (`proxy_request_buffering`)
/// @param inMemory the most bytes of it kept in memory (`client_body_buffer_size`)
/// @param folder where longer bodies are stored, created if need be (`client_body_temp_path`)
public record RequestBodyOptions(Content content, boolean buffered, int inMemory, TempFolder folder) {

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

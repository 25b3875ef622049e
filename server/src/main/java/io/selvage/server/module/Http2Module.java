package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Version;
import java.util.Map;
import java.util.Optional;

/// HTTP/2 for clients. Until the site of a request is known, the settings of the first site of the address apply.
final class Http2Module implements Module {
    /// A flow-control window is an integer of 31 bits, the length of a frame one of 24 (RFC 9113 §4.1, §6.9.1).
    private static final int MOST_WINDOW = Integer.MAX_VALUE;
    private static final int MOST_IN_FRAME = (1 << 24) - 1;
    /// nginx refuses less.
    private static final int LEAST_BUFFER = 32;

    record Http2Settings(
            @Setting(value = "http2 off", doc = "Offers HTTP/2 to clients, without TLS as well.") boolean on,
            @Setting(value = "http2_max_concurrent_streams 128", least = 1,
                    doc = "Limits the requests that a connection serves at a time.") int streams,
            @Setting(value = "http2_body_preread_size 64k",
                    doc = "Limits the bytes of a request body that a client may send before they are read.",
                    differs = "above 64k, it also limits a single frame") Window window) {
    }

    record ReceiveSettings(
            @Setting(value = "http2_recv_buffer_size 256k", doc =
                    "Limits the bytes of a request body that a client may send ahead of its reader.",
                    differs = "nginx has one such buffer for all connections of a process") Buffer buffer) {
    }

    record ChunkSettings(
            @Setting(value = "http2_chunk_size 8k", doc = "Limits the bytes of a response body in one frame.") Chunk chunk) {
    }

    /// @param bytes 0 to 2^31 - 1
    record Window(int bytes) {
    }

    /// @param bytes at least 32
    record Buffer(int bytes) {
    }

    /// @param bytes 1 to 2^24 - 1
    record Chunk(int bytes) {
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(Http2Settings.class, Contexts.HTTP, Contexts.SERVER)
                .settings(ReceiveSettings.class, Contexts.HTTP)
                .settings(ChunkSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Window.class, Codec.word(argument -> new Window(bytes(argument, 0, MOST_WINDOW)),
                        window -> Values.size(window.bytes)))
                .codec(Buffer.class, Codec.word(argument -> new Buffer(bytes(argument, LEAST_BUFFER, MOST_WINDOW)),
                        buffer -> Values.size(buffer.bytes)))
                .codec(Chunk.class, Codec.word(argument -> new Chunk(bytes(argument, 1, MOST_IN_FRAME)),
                        chunk -> Values.size(chunk.bytes)));
    }

    private static int bytes(Argument argument, int least, int most) {
        long bytes = argument.size();
        if (bytes < least || bytes > most) {
            argument.refuse("a size from " + Values.size(least) + " to " + Values.size(most));
        }
        return Math.clamp(bytes, least, most);
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of("http2", exchange -> Optional.of(
                exchange.request().version() != Version.HTTP_2 ? "" : exchange.client().secure() ? "h2" : "h2c")));
    }

    /// The options of a location.
    static ClientOptions.Http2 options(LocationBuilder location) {
        Http2Settings site = location.site(Http2Settings.class);
        return new ClientOptions.Http2(site.on, site.streams, site.window.bytes,
                location.http(ReceiveSettings.class).buffer.bytes,
                location.get(ChunkSettings.class).chunk.bytes);
    }
}

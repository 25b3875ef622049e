package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.net.ByteText;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A request body that was received in full and takes the place of the one on the client's connection: an error page or a named
/// location may still pass the exchange to other peers.
public final class ReplayableRequestBody implements RequestBody {
    private final BufferedRequestBody buffered;
    private final long received;
    private long taken;

    /// @param received the bytes that came from the client for it
    ReplayableRequestBody(BufferedRequestBody buffered, long received) {
        this.buffered = buffered;
        this.received = received;
    }

    /// Receives the body of an exchange, and puts it in the place of the one on the client's connection. The caller closes it at
    /// the end of the exchange.
    ///
    /// @param inMemory the most bytes kept in memory (`client_body_buffer_size`)
    /// @param folder where longer bodies are stored (`client_body_temp_path`)
    /// @throws Failure when the client does not send all of it, or the file cannot be written
    public static ReplayableRequestBody receive(Exchange exchange, int inMemory, TempFolder folder) throws Failure {
        RequestBody body = exchange.body();
        BufferedRequestBody received = BufferedRequestBody.receive(body, inMemory, folder);
        ReplayableRequestBody replayable = new ReplayableRequestBody(received, body.received());
        exchange.body(replayable);
        return replayable;
    }

    /// The same body for a subrequest, which ends before the exchange whose body it is.
    public RequestBody lent() {
        return new ReplayableRequestBody(buffered.lent(), received);
    }

    BufferedRequestBody buffered() {
        return buffered;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        int count = buffered.read(into, taken);
        taken += Math.max(0, count);
        return count;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(buffered.length());
    }

    @Override
    public boolean hasMoreNow() {
        return true;
    }

    @Override
    public boolean isEmpty() {
        return buffered.length() == 0;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    /// Does nothing: the bound was checked when the body was received.
    @Override
    public void limit(long bytes) {
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    public void close() {
        buffered.close();
    }

    @Override
    public Optional<String> file() {
        return buffered instanceof BufferedRequestBody.InFile(var file, _, _)
                ? Optional.of(ByteText.of(file.name())) : Optional.empty();
    }

    @Override
    public Optional<String> text() {
        return switch (buffered) {
            case BufferedRequestBody.InMemory(var bytes, _) -> Optional.of(ISO_8859_1.decode(bytes.duplicate()).toString());
            case BufferedRequestBody.InFile _ -> Optional.empty();
        };
    }
}

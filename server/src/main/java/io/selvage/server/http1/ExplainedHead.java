package io.selvage.server.http1;

import io.selvage.server.http.Client;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Status;
import java.util.Optional;

/// Makes the exchange of a request that is only explained: of its head, read as [ServeLoop] reads it, without a connection.
public final class ExplainedHead {
    private ExplainedHead() {
    }

    /// @param head all of it, with the empty line
    /// @param entry what the request meets first
    public static Exchange exchange(byte[] head, EntryPoint entry, Client client) {
        HeadParser parser = new HeadParser(entry.options(), FieldRules.ofClient(entry.options()), entry.hosts());
        return switch (parser.parse(head, 0, head.length)) {
            case Parsed.Head(RequestHead whole, _) -> {
                Framing framing = Framing.ofRequest(whole);
                yield exchange(whole, entry, client, framing, ServeLoop.unacceptable(whole, framing));
            }
            case Parsed.Refused(Refusal why) -> exchange(parser.soFar(), entry, client, Framing.NONE, Optional.of(why));
            case Parsed.NeedMore(_) -> exchange(parser.soFar(), entry, client, Framing.NONE,
                    Optional.of(new Refusal(Status.BAD_REQUEST, "an incomplete head")));
        };
    }

    private static Exchange exchange(RequestHead head, EntryPoint entry, Client client, Framing framing,
            Optional<Refusal> refusal) {
        return new Exchange(head, client, new AnnouncedBody(framing), entry.options(), refusal, System.nanoTime(),
                System.currentTimeMillis());
    }
}

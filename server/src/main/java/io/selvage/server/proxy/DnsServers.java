package io.selvage.server.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;

/// Sends questions to name servers: over UDP, and over TCP where a response is truncated. dnsjava checks responses and makes ids
/// and ports unpredictable. Safe for any number of threads.
///
/// The servers are asked in turn. The next one is asked when a server fails, or does not answer within five seconds.
final class DnsServers {
    private static final Duration RESEND = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 6;

    private final List<SimpleResolver> servers;
    private final Executor threads;
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 16));

    /// @param addresses at least one
    /// @param threads send the questions and read the responses
    DnsServers(List<InetSocketAddress> addresses, Executor threads) {
        this.threads = threads;
        this.servers = addresses.stream().map(DnsServers::server).toList();
    }

    private static SimpleResolver server(InetSocketAddress address) {
        SimpleResolver server = new SimpleResolver(address);
        server.setTimeout(RESEND);
        server.setEDNS(-1);                                // as nginx: servers that do not know it exist
        return server;
    }

    /// Asks for the records of a name.
    ///
    /// @return ends with the response of a server, which may be an error, or with a [LookupException]
    CompletableFuture<Message> ask(Name name, int type) {
        Record question = Record.newRecord(name, type, DClass.IN);
        return ask(question, Math.floorMod(turn.getAndIncrement(), servers.size()), servers.size(), MOST_TRIES);
    }

    /// @param server the index of the first to be asked
    /// @param working how many servers have not failed to process the question
    /// @param tries how many questions may be sent; one that fails at once counts for several, so that no server is asked more
    ///     than twice then
    private CompletableFuture<Message> ask(Record question, int server, int working, int tries) {
        Message query = Message.newQuery(question);        // each with an id of its own
        return CompletableFuture.supplyAsync(() -> servers.get(server).sendAsync(query, threads).toCompletableFuture(), threads)
                .thenCompose(Function.identity())
                .handle((response, failure) -> {
                    int next = (server + 1) % servers.size();
                    if (response == null) {
                        LookupException reason = reason(failure);
                        int left = tries - (reason.isTimeout() ? 1 : MOST_TRIES / Math.min(MOST_TRIES, servers.size() + 1));
                        return left > 0 ? ask(question, next, working, left) : CompletableFuture.<Message>failedFuture(reason);
                    }
                    return isFailed(response.getRcode()) && working > 1 && tries > 1
                            ? ask(question, next, working - 1, tries - 1) : CompletableFuture.completedFuture(response);
                }).thenCompose(Function.identity());
    }

    /// True if the server did not process the question, so that another may.
    private static boolean isFailed(int code) {
        return code != Rcode.NOERROR && code != Rcode.NXDOMAIN;
    }

    private static LookupException reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof TimeoutException || cause instanceof IOException io && io.getCause() instanceof TimeoutException
                ? LookupException.timedOut() : LookupException.failed(cause);
    }

    /// The failure without what a future puts around it.
    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}

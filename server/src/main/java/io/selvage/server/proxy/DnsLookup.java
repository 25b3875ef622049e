package io.selvage.server.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Asks name servers for the addresses of hosts (`resolver`): over UDP, and over TCP where a response is truncated. The only
/// class that uses dnsjava, which checks responses and makes ids and ports unpredictable.
///
/// The servers are asked in turn. The next one is asked when a server fails, or does not answer within five seconds.
public final class DnsLookup implements HostLookup {
    private static final Duration RESEND = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 6;
    private static final int MOST_ALIASES = 16;
    private static final int MOST_PENDING = 1000;
    private static final int LONGEST_NAME = 253;

    private final Options options;
    private final List<SimpleResolver> servers;
    private final Executor threads;
    private final Semaphore pending = new Semaphore(MOST_PENDING);
    private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 16));

    /// What is asked for, and whom.
    ///
    /// @param servers at least one
    /// @param valid how long addresses are used; empty for as long as the responses say (`valid=`)
    /// @param ipv4 true to ask for IPv4 addresses (`ipv4=`)
    /// @param ipv6 true to ask for IPv6 addresses (`ipv6=`)
    public record Options(List<InetSocketAddress> servers, Optional<Duration> valid, boolean ipv4, boolean ipv6) {
        public Options {
            servers = List.copyOf(servers);
        }
    }

    /// What came of the question for addresses of one kind.
    ///
    /// @param seconds how long the addresses are valid
    /// @param alias the name to ask for instead, where there are no addresses
    /// @param failure why there are none, where that is known
    private record Part(List<InetAddress> addresses, long seconds, @Nullable Name alias, @Nullable LookupException failure) {
        private static final Part NONE = new Part(List.of(), Long.MAX_VALUE, null, null);
    }

    /// @param threads send the questions and read the responses
    public DnsLookup(Options options, Executor threads) {
        this.options = options;
        this.threads = threads;
        this.servers = options.servers().stream().map(DnsLookup::server).toList();
    }

    private static SimpleResolver server(InetSocketAddress address) {
        SimpleResolver server = new SimpleResolver(address);
        server.setTimeout(RESEND);
        server.setEDNS(-1);                                // as nginx: servers that do not know it exist
        return server;
    }

    @Override
    public CompletableFuture<HostAddresses> start(String host) {
        Optional<Name> name = name(host);
        if (name.isEmpty()) {
            return CompletableFuture.failedFuture(LookupException.notFound());
        }
        if (!pending.tryAcquire()) {
            return CompletableFuture.failedFuture(LookupException.tooMany());
        }
        return addresses(name.get(), MOST_ALIASES, Long.MAX_VALUE).whenComplete((_, _) -> pending.release());
    }

    /// Asks for the addresses of both kinds. An alias is followed where there is no address of either kind.
    ///
    /// @param aliases how many may be followed
    /// @param seconds how long the aliases that led to this name are valid
    private CompletableFuture<HostAddresses> addresses(Name name, int aliases, long seconds) {
        CompletableFuture<Part> four = options.ipv4() ? part(name, Type.A) : CompletableFuture.completedFuture(Part.NONE);
        CompletableFuture<Part> six = options.ipv6() ? part(name, Type.AAAA) : CompletableFuture.completedFuture(Part.NONE);
        return four.thenCombine(six, (one, other) -> {
            List<InetAddress> all = new ArrayList<>(one.addresses);
            all.addAll(other.addresses);
            long valid = Math.min(seconds, Math.min(one.seconds, other.seconds));
            Name alias = other.alias != null ? other.alias : one.alias;
            if (all.isEmpty()) {
                return alias != null && aliases > 0 ? addresses(alias, aliases - 1, valid) : failed(one, other);
            }
            return CompletableFuture.completedFuture(new HostAddresses(all,
                    options.valid().orElse(Duration.ofSeconds(valid))));
        }).thenCompose(Function.identity());
    }

    private static CompletableFuture<HostAddresses> failed(Part one, Part other) {
        LookupException failure = one.failure != null ? one.failure : other.failure;
        return CompletableFuture.failedFuture(failure != null ? failure : LookupException.notFound());
    }

    /// Only letters, digits, hyphens and underscores are asked for; everything else is no host (RFC 952, RFC 1123 §2.1).
    private static Optional<Name> name(String host) {
        String relative = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (relative.isEmpty() || relative.length() > LONGEST_NAME || !relative.matches("[A-Za-z0-9._-]+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Name.fromString(relative + "."));
        } catch (TextParseException _) {
            return Optional.empty();
        }
    }

    /// Asks for addresses of one kind. Never ends with an exception.
    private CompletableFuture<Part> part(Name name, int type) {
        return ask(name, type).thenApply(response -> {
            int code = response.getRcode();
            return code == Rcode.NOERROR ? read(response.getSection(Section.ANSWER), name)
                    : new Part(List.of(), Long.MAX_VALUE, null, LookupException.refused(code));
        }).exceptionally(failure -> new Part(List.of(), Long.MAX_VALUE, null, LookupException.failed(unwrapped(failure))));
    }

    /// Reads the records of a response, from the name that was asked for to the addresses.
    private static Part read(List<Record> records, Name asked) {
        Name name = asked;
        long seconds = Long.MAX_VALUE;
        for (int aliases = 0; aliases < MOST_ALIASES; aliases++) {
            Optional<CNAMERecord> alias = alias(records, name);
            if (alias.isEmpty()) {
                break;
            }
            name = alias.get().getTarget();
            seconds = Math.min(seconds, alias.get().getTTL());
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (Record record : records) {
            Optional<InetAddress> address = record.getName().equals(name) ? address(record) : Optional.empty();
            if (address.isPresent()) {
                addresses.add(address.get());
                seconds = Math.min(seconds, record.getTTL());
            }
        }
        return new Part(addresses, seconds, addresses.isEmpty() && !name.equals(asked) ? name : null, null);
    }

    private static Optional<CNAMERecord> alias(List<Record> records, Name name) {
        return records.stream().filter(record -> record instanceof CNAMERecord && record.getName().equals(name))
                .map(CNAMERecord.class::cast).findFirst();
    }

    private static Optional<InetAddress> address(Record record) {
        return switch (record) {
            case ARecord four -> Optional.of(four.getAddress());
            case AAAARecord six -> Optional.of(six.getAddress());
            default -> Optional.empty();
        };
    }

    private CompletableFuture<Message> ask(Name name, int type) {
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

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}

package io.selvage.server.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Asks name servers for the addresses of hosts and the servers of services (`resolver`).
public final class DnsLookup implements HostLookup {
    private static final int MOST_ALIASES = 16;
    private static final int MOST_PENDING = 1000;
    private static final int LONGEST_NAME = 253;
    /// Servers of a service; more are left out.
    private static final int MOST_SERVERS = 1000;
    /// Hosts of a service that are looked up at a time.
    private static final int LANES = 16;
    /// How long the servers of a service are used where the host of one was not found.
    private static final Duration INCOMPLETE_VALID = Duration.ofSeconds(5);

    private final Options options;
    private final DnsServers servers;
    private final Semaphore pending = new Semaphore(MOST_PENDING);

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

    /// What came of a question for records of one type.
    ///
    /// @param records of that type
    /// @param seconds how long they are valid
    /// @param alias the name to ask for instead, where there are none
    /// @param failure why there are none, where that is known
    private record Part(List<Record> records, long seconds, @Nullable Name alias, @Nullable LookupException failure) {
        private static final Part NONE = new Part(List.of(), Long.MAX_VALUE, null, null);

        static Part failed(LookupException failure) {
            return new Part(List.of(), Long.MAX_VALUE, null, failure);
        }
    }

    /// @param threads send the questions and read the responses
    public DnsLookup(Options options, Executor threads) {
        this.options = options;
        this.servers = new DnsServers(options.servers(), threads);
    }

    @Override
    public CompletableFuture<HostAddresses> start(String host) {
        return bounded(host, name -> addresses(name, MOST_ALIASES, Long.MAX_VALUE));
    }

    @Override
    public CompletableFuture<ServiceServers> startService(String service) {
        return bounded(service, name -> servers(name, MOST_ALIASES, Long.MAX_VALUE));
    }

    private <T> CompletableFuture<T> bounded(String text, Function<Name, CompletableFuture<T>> lookup) {
        Optional<Name> name = name(text);
        if (name.isEmpty()) {
            return CompletableFuture.failedFuture(LookupException.notFound());
        }
        if (!pending.tryAcquire()) {
            return CompletableFuture.failedFuture(LookupException.tooMany());
        }
        return lookup.apply(name.get()).whenComplete((_, _) -> pending.release());
    }

    /// Asks for the addresses of both kinds. An alias is followed where there is no address of either kind.
    ///
    /// @param aliases how many may be followed
    /// @param seconds how long the aliases that led to this name are valid
    private CompletableFuture<HostAddresses> addresses(Name name, int aliases, long seconds) {
        CompletableFuture<Part> four = options.ipv4() ? part(name, Type.A) : CompletableFuture.completedFuture(Part.NONE);
        CompletableFuture<Part> six = options.ipv6() ? part(name, Type.AAAA) : CompletableFuture.completedFuture(Part.NONE);
        return four.thenCombine(six, (one, other) -> {
            List<InetAddress> all = Stream.of(one, other).flatMap(part -> part.records.stream()).map(DnsLookup::address).toList();
            long valid = Math.min(seconds, Math.min(one.seconds, other.seconds));
            Name alias = other.alias != null ? other.alias : one.alias;
            if (all.isEmpty()) {
                return alias != null && aliases > 0 ? addresses(alias, aliases - 1, valid)
                        : CompletableFuture.<HostAddresses>failedFuture(failure(one, other));
            }
            return CompletableFuture.completedFuture(new HostAddresses(all, valid(valid)));
        }).thenCompose(Function.identity());
    }

    private static InetAddress address(Record record) {
        return switch (record) {
            case ARecord four -> four.getAddress();
            case AAAARecord six -> six.getAddress();
            default -> throw new IllegalArgumentException("asked for addresses, not for " + record);
        };
    }

    private Duration valid(long seconds) {
        return options.valid().orElse(Duration.ofSeconds(seconds));
    }

    private static LookupException failure(Part... parts) {
        return Stream.of(parts).map(Part::failure).filter(failure -> failure != null).findFirst()
                .orElseGet(LookupException::notFound);
    }

    /// Asks for the servers of a service (RFC 2782), then for the addresses of their hosts.
    private CompletableFuture<ServiceServers> servers(Name name, int aliases, long seconds) {
        return part(name, Type.SRV).thenCompose(part -> {
            long valid = Math.min(seconds, part.seconds);
            if (part.records.isEmpty()) {
                return part.alias != null && aliases > 0 ? servers(part.alias, aliases - 1, valid)
                        : CompletableFuture.failedFuture(failure(part));
            }
            List<SRVRecord> usable = part.records.stream().map(SRVRecord.class::cast).filter(DnsLookup::isUsable)
                    .limit(MOST_SERVERS).toList();
            return usable.isEmpty() ? CompletableFuture.failedFuture(LookupException.notFound())
                    : new Hosts(usable).found(valid(valid));
        });
    }

    /// The target "." says that there is no such service.
    private static boolean isUsable(SRVRecord server) {
        return server.getPort() > 0 && !server.getTarget().equals(Name.root);
    }

    /// The addresses of the hosts of a service, a few of which are looked up at a time.
    private final class Hosts {
        private final List<SRVRecord> records;
        private final Queue<Name> waiting;
        private final ConcurrentMap<Name, HostAddresses> found = new ConcurrentHashMap<>();
        private volatile LookupException failure = LookupException.notFound();

        Hosts(List<SRVRecord> records) {
            this.records = records;
            this.waiting = new ConcurrentLinkedQueue<>(records.stream().map(SRVRecord::getTarget).distinct().toList());
        }

        /// @param valid how long the records themselves are valid
        CompletableFuture<ServiceServers> found(Duration valid) {
            CompletableFuture<?>[] lanes = Stream.generate(this::lane).limit(LANES).toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(lanes).thenCompose(_ -> found.isEmpty() ? CompletableFuture.failedFuture(failure)
                    : CompletableFuture.completedFuture(servers(valid)));
        }

        /// Looks one host up after the other.
        private CompletableFuture<Void> lane() {
            Name host = waiting.poll();
            if (host == null) {
                return CompletableFuture.completedFuture(null);
            }
            return addresses(host, MOST_ALIASES, Long.MAX_VALUE).handle((addresses, reason) -> {
                if (addresses != null) {
                    found.put(host, addresses);
                } else {
                    failure = LookupException.failed(DnsServers.unwrapped(reason));
                }
                return lane();
            }).thenCompose(Function.identity());
        }

        private ServiceServers servers(Duration valid) {
            Duration shortest = valid;
            List<ServiceServer> servers = new ArrayList<>();
            for (SRVRecord record : records) {
                HostAddresses host = found.getOrDefault(record.getTarget(), new HostAddresses(List.of(), INCOMPLETE_VALID));
                shortest = host.valid().compareTo(shortest) < 0 ? host.valid() : shortest;
                servers.add(new ServiceServer(record.getTarget().toString(true), record.getPort(), record.getPriority(),
                        Math.max(1, record.getWeight()), host.addresses()));
            }
            return new ServiceServers(servers, shortest);
        }
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

    /// Asks for records of one type. Never ends with an exception.
    private CompletableFuture<Part> part(Name name, int type) {
        return servers.ask(name, type).thenApply(response -> part(response, name, type))
                .exceptionally(failure -> Part.failed(LookupException.failed(DnsServers.unwrapped(failure))));
    }

    private static Part part(Message response, Name name, int type) {
        int code = response.getRcode();
        return code == Rcode.NOERROR ? read(response.getSection(Section.ANSWER), name, type)
                : Part.failed(LookupException.refused(code));
    }

    /// Reads the records of a response, from the name that was asked for to those of the type.
    private static Part read(List<Record> records, Name asked, int type) {
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
        List<Record> found = new ArrayList<>();
        for (Record record : records) {
            if (record.getType() == type && record.getName().equals(name)) {
                found.add(record);
                seconds = Math.min(seconds, record.getTTL());
            }
        }
        return new Part(found, seconds, found.isEmpty() && !name.equals(asked) ? name : null, null);
    }

    private static Optional<CNAMERecord> alias(List<Record> records, Name name) {
        return records.stream().filter(record -> record instanceof CNAMERecord && record.getName().equals(name))
                .map(CNAMERecord.class::cast).findFirst();
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.proxy.DnsLookup;
import io.selvage.server.proxy.Resolver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who is asked for the addresses of hosts.
record ResolverSettings(
        @Setting(value = "resolver", doc =
                "Names the servers that are asked for hosts in variables, and for peers with `resolve`.",
                differs = "without it, the operating system is asked for hosts in variables") Optional<NameServers> servers,
        @Setting(value = "resolver_timeout 30s", doc = "Limits the wait for the addresses of a host.") Duration timeout) {

    static void codecs(Directives directives) {
        directives.codec(NameServers.class, Codec.line(1, Integer.MAX_VALUE, NameServers::read));
    }

    /// The settings of a group: its own, or those of the `http` block.
    static ResolverSettings of(Section upstream, Section http) {
        ResolverSettings own = upstream.get(ResolverSettings.class);
        return own.servers.isPresent() ? own : http.get(ResolverSettings.class);
    }

    /// The resolver of these settings.
    Resolver resolver(ServerState state) {
        return servers.map(own -> state.resolver(own.options())).orElse(state.resolver());
    }

    /// `resolver`
    ///
    /// @param names of the servers, with their ports, as configured
    record NameServers(List<String> names, DnsLookup.Options options) implements Printable {
        NameServers {
            names = List.copyOf(names);
        }

        static NameServers read(Line line) {
            List<String> names = new ArrayList<>();
            List<InetSocketAddress> servers = new ArrayList<>();
            Optional<Duration> valid = Optional.empty();
            boolean four = true;
            boolean six = true;
            for (Argument argument : line.arguments()) {
                switch (argument.word().key()) {
                    case "valid" -> valid = Optional.of(positive(argument.option()));
                    case "ipv4" -> four = argument.option().flag();
                    case "ipv6" -> six = argument.option().flag();
                    case "status_zone" -> argument.notBuilt();
                    default -> {
                        names.add(argument.text());
                        servers.addAll(addresses(argument));
                    }
                }
            }
            NameServers read = new NameServers(names, new DnsLookup.Options(servers, valid, four, six));
            read.check(line);
            return read;
        }

        private void check(Line line) {
            if (names.isEmpty()) {
                line.problem("no name servers defined");
            } else if (!options.ipv4() && !options.ipv6()) {
                line.problem("\"ipv4\" and \"ipv6\" cannot both be \"off\"");
            }
        }

        private static Duration positive(Argument time) {
            if (time.time().isZero()) {
                time.refuse("a time above 0");
            }
            return time.time();
        }

        /// All addresses of a name server, which is found as the operating system finds it.
        private static List<InetSocketAddress> addresses(Argument argument) {
            return switch (Address.read(argument, 53)) {
                case Address.Inet(String host, int port) -> {
                    try {
                        yield Stream.of(InetAddress.getAllByName(host)).map(found -> new InetSocketAddress(found, port)).toList();
                    } catch (UnknownHostException _) {
                        argument.problem("host not found in resolver \"" + argument.text() + "\"");
                        yield List.of();
                    }
                }
                case Address.Unix _ -> {
                    argument.refuse("a host or an address");
                    yield List.of();
                }
            };
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(names);
            options.valid().ifPresent(valid -> words.add("valid=" + Values.time(valid)));
            if (!options.ipv4()) {
                words.add("ipv4=off");
            }
            if (!options.ipv6()) {
                words.add("ipv6=off");
            }
            return words;
        }
    }
}

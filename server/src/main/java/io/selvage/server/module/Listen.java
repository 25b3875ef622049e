package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.net.TcpKeepAlive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Where a server listens: `listen`.
///
/// @param address the host `0.0.0.0` for all IPv4 addresses, `::` for all IPv6 ones
/// @param defaultServer whether the server answers here when no name fits
/// @param proxyProtocol whether connections begin with a header of the PROXY protocol
/// @param tls whether TLS is spoken on them
/// @param http2 whether clients may speak HTTP/2
public record Listen(Address address, boolean defaultServer, boolean proxyProtocol, boolean tls, boolean http2,
        ListenOptions options)
        implements Printable {
    /// Parameters that are accepted and change nothing, with the reason. `setfib` and `accept_filter` belong to FreeBSD and are
    /// refused, as by nginx on Linux.
    static final Map<String, String> WITHOUT_MEANING = Map.of("bind",
            "an address is bound by itself wherever Linux allows it beside the other addresses of its port");
    /// The largest values that Linux accepts (tcp(7)).
    private static final int MOST_KEEPALIVE_SECONDS = 32_767;
    private static final int MOST_KEEPALIVE_PROBES = 127;

    static List<Listen> readAll(List<Line> lines) {
        return lines.stream().flatMap(line -> read(line).stream()).toList();
    }

    static List<Directive> write(String name, List<Listen> all) {
        return all.stream().map(listen -> Directive.of(name, listen.words())).toList();
    }

    /// One for each port, when a range of ports is given.
    static List<Listen> read(Line line) {
        Words words = new Words();
        line.argumentsFrom(1).forEach(words::read);
        return addresses(line.argument(0)).stream().map(words::at).toList();
    }

    /// What is written behind the address.
    private static final class Words {
        private boolean defaultServer;
        private boolean proxyProtocol;
        private boolean tls;
        private boolean http2;
        private int backlog = ListenOptions.DEFAULT.backlog();
        private boolean reusePort;
        private boolean ipv6Only = true;
        private TcpKeepAlive keepAlive = TcpKeepAlive.OFF;
        private int receiveBuffer;
        private int sendBuffer;
        private boolean deferred;
        private int fastOpen;

        void read(Argument argument) {
            switch (argument.word().key()) {
                case "default_server", "default" -> defaultServer = true;
                case "backlog" -> backlog = argument.option().number(1, Integer.MAX_VALUE);
                case "reuseport" -> reusePort = true;
                case "ipv6only" -> ipv6Only = argument.option().flag();
                case "so_keepalive" -> keepAlive = keepAlive(argument.option());
                case "rcvbuf" -> receiveBuffer = (int) Math.min(argument.option().size(), Integer.MAX_VALUE);
                case "sndbuf" -> sendBuffer = (int) Math.min(argument.option().size(), Integer.MAX_VALUE);
                case "deferred" -> deferred = true;
                case "fastopen" -> fastOpen = argument.option().number(1, Integer.MAX_VALUE);
                case "proxy_protocol" -> proxyProtocol = true;
                case "ssl" -> tls = true;
                case "http2" -> http2 = true;
                case "quic", "multipath" -> argument.notBuilt();
                default -> {
                    if (!WITHOUT_MEANING.containsKey(argument.text())) {
                        argument.unknown();
                    }
                }
            }
        }

        Listen at(Address address) {
            return new Listen(address, defaultServer, proxyProtocol, tls, http2, new ListenOptions(backlog, reusePort, ipv6Only,
                    keepAlive, receiveBuffer, sendBuffer, deferred, fastOpen));
        }
    }

    /// `on`, `off`, or `idle:interval:count` of which any may be empty, but not all.
    private static TcpKeepAlive keepAlive(Argument argument) {
        String[] parts = argument.text().split(":", -1);
        if (parts.length == 1) {
            return argument.flag() ? TcpKeepAlive.ON : TcpKeepAlive.OFF;
        }
        if (parts.length != 3 || String.join("", parts).isEmpty()) {
            argument.refuse("\"on\", \"off\" or \"idle:interval:count\"");
            return TcpKeepAlive.OFF;
        }
        return new TcpKeepAlive(true, seconds(argument.with(parts[0])), seconds(argument.with(parts[1])),
                parts[2].isEmpty() ? 0 : argument.with(parts[2]).number(1, MOST_KEEPALIVE_PROBES));
    }

    private static int seconds(Argument argument) {
        return argument.text().isEmpty() ? 0 : Math.clamp(argument.time().toSeconds(), 1, MOST_KEEPALIVE_SECONDS);
    }

    private static List<Address> addresses(Argument argument) {
        String text = argument.text();
        int colon = text.lastIndexOf(':');
        int dash = text.startsWith("unix:") ? -1 : text.indexOf('-', colon + 1);
        boolean range = dash > 0 && text.substring(colon + 1).matches("\\d+-\\d+");
        if (!range) {
            return List.of(address(argument));
        }
        int first = argument.with(text.substring(colon + 1, dash)).number(1, 65_535);
        int last = argument.with(text.substring(dash + 1)).number(1, 65_535);
        if (last < first) {
            argument.refuse("a range of ports from the lower to the higher");
        }
        String host = text.substring(0, colon + 1);
        return IntStream.rangeClosed(first, last).mapToObj(port -> address(argument.with(host + port))).toList();
    }

    private static Address address(Argument argument) {
        String text = argument.text();
        boolean portAlone = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        Address address = Address.read(portAlone ? argument.with("*:" + text) : argument, 80);
        return address instanceof Address.Inet(var host, int port) && host.equals("*")
                ? new Address.Inet("0.0.0.0", port)
                : address;
    }

    boolean hasOptions() {
        return !options.equals(ListenOptions.DEFAULT);
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(address.toString()));
        option(words, defaultServer, "default_server");
        option(words, tls, "ssl");
        option(words, http2, "http2");
        option(words, proxyProtocol, "proxy_protocol");
        option(words, options.backlog() != ListenOptions.DEFAULT.backlog(), "backlog=" + options.backlog());
        option(words, options.reusePort(), "reuseport");
        option(words, options.deferred(), "deferred");
        option(words, options.fastOpen() > 0, "fastopen=" + options.fastOpen());
        option(words, !options.ipv6Only(), "ipv6only=off");
        option(words, options.keepAlive().on(), "so_keepalive=" + keepAlive(options.keepAlive()));
        option(words, options.receiveBuffer() > 0, "rcvbuf=" + Values.size(options.receiveBuffer()));
        option(words, options.sendBuffer() > 0, "sndbuf=" + Values.size(options.sendBuffer()));
        return words;
    }

    private static String keepAlive(TcpKeepAlive probes) {
        return probes.equals(TcpKeepAlive.ON) ? "on"
                : given(probes.idleSeconds()) + ":" + given(probes.intervalSeconds()) + ":" + given(probes.count());
    }

    private static String given(int number) {
        return number == 0 ? "" : Integer.toString(number);
    }

    private static void option(List<String> words, boolean given, String word) {
        if (given) {
            words.add(word);
        }
    }
}

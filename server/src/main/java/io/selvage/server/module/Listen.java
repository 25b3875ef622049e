package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Where a server listens: `listen`.
///
/// @param address the host `0.0.0.0` for all IPv4 addresses, `::` for all IPv6 ones
/// @param defaultServer whether the server answers here when no name fits
public record Listen(Address address, boolean defaultServer, Options options) implements Printable {
    /// How the socket is set up.
    ///
    /// @param receiveBuffer bytes, as `sendBuffer`; 0 for what the system gives
    /// @param keepalive whether TCP asks silent clients if they are there
    public record Options(
            int backlog, boolean reusePort, boolean ipv6Only, boolean keepalive, long receiveBuffer, long sendBuffer) {
        static final Options USUAL = new Options(511, false, true, false, 0, 0);
    }

    static List<Listen> readAll(List<Line> lines) {
        return lines.stream().flatMap(line -> read(line).stream()).toList();
    }

    static List<Directive> write(String name, List<Listen> all) {
        return all.stream().map(listen -> Directive.of(name, listen.words())).toList();
    }

    /// One for each port, when a range of ports is given.
    static List<Listen> read(Line line) {
        boolean defaultServer = false;
        int backlog = Options.USUAL.backlog();
        boolean reusePort = false;
        boolean ipv6Only = true;
        boolean keepalive = false;
        long receiveBuffer = 0;
        long sendBuffer = 0;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "default_server", "default" -> defaultServer = true;
                case "backlog" -> backlog = argument.option().number(1, Integer.MAX_VALUE);
                case "reuseport" -> reusePort = true;
                case "ipv6only" -> ipv6Only = argument.option().flag();
                case "so_keepalive" -> {
                    if (argument.text().contains(":")) {
                        argument.notBuilt();
                    } else {
                        keepalive = argument.option().flag();
                    }
                }
                case "rcvbuf" -> receiveBuffer = argument.option().size();
                case "sndbuf" -> sendBuffer = argument.option().size();
                case "bind", "deferred" -> { }
                case "ssl", "http2", "quic", "proxy_protocol", "fastopen", "setfib", "accept_filter", "multipath" ->
                    argument.notBuilt();
                default -> argument.unknown();
            }
        }
        var options = new Options(backlog, reusePort, ipv6Only, keepalive, receiveBuffer, sendBuffer);
        boolean isDefault = defaultServer;
        return addresses(line.argument(0)).stream().map(address -> new Listen(address, isDefault, options)).toList();
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
        return !options.equals(Options.USUAL);
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(address.toString()));
        var usual = Options.USUAL;
        option(words, defaultServer, "default_server");
        option(words, options.backlog() != usual.backlog(), "backlog=" + options.backlog());
        option(words, options.reusePort(), "reuseport");
        option(words, !options.ipv6Only(), "ipv6only=off");
        option(words, options.keepalive(), "so_keepalive=on");
        option(words, options.receiveBuffer() > 0, "rcvbuf=" + Values.size(options.receiveBuffer()));
        option(words, options.sendBuffer() > 0, "sndbuf=" + Values.size(options.sendBuffer()));
        return words;
    }

    private static void option(List<String> words, boolean given, String word) {
        if (given) {
            words.add(word);
        }
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Cidr;
import io.selvage.server.route.AddressRanges;
import io.selvage.server.route.AddressTable;
import io.selvage.server.route.TrustedProxies;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the lines inside `geo`. Used for one block.
final class GeoLines {
    private final List<Cidr> proxies = new ArrayList<>();
    private final Map<Cidr, String> networks = new LinkedHashMap<>();
    private final AddressRanges ranges = new AddressRanges();
    private Optional<String> others = Optional.empty();
    private boolean byRanges;
    private boolean recursive;
    private boolean any;                                   // whether there was a network or a range

    TrustedProxies proxies() {
        return new TrustedProxies(proxies, false, recursive);
    }

    AddressTable table() {
        return byRanges ? AddressTable.ofRanges(ranges, others.orElse("")) : AddressTable.ofNetworks(networks, others.orElse(""));
    }

    void read(Line line) {
        boolean flag = line.count() == 0 && !line.directive().hasBlock();
        if (flag && line.name().equals("ranges")) {
            if (any) {
                line.problem("\"ranges\" must be the first line inside \"geo\"");
            }
            byRanges = true;
        } else if (flag && line.name().equals("proxy_recursive")) {
            recursive = true;
        } else if (line.count() != 1 || line.directive().hasBlock()) {
            line.problem("\"geo\" needs one value for \"" + line.name() + "\"");
        } else {
            pair(line);
        }
    }

    private void pair(Line line) {
        switch (line.name()) {
            case "default" -> {
                others.ifPresent(old -> warnReplaced(line, "network", line.argument(0).text(), old));
                others = Optional.of(line.argument(0).text());
            }
            case "proxy" -> network(line.argument(0)).ifPresent(proxies::add);
            case "delete" -> delete(line.argument(0));
            default -> {
                any = true;
                add(line);
            }
        }
    }

    private void add(Line line) {
        String value = line.argument(0).text();
        if (!byRanges) {
            network(line.word()).map(network -> networks.put(network, value))
                    .ifPresent(old -> warnReplaced(line, "network", value, old));
            return;
        }
        long[] bounds = range(line.word());
        if (bounds.length == 0) {
            return;
        }
        switch (ranges.add(bounds[0], bounds[1], value)) {
            case AddressRanges.Added.New() -> { }
            case AddressRanges.Added.Replaced(var old) -> warnReplaced(line, "range", value, old);
            case AddressRanges.Added.Overlaps(long first, long last) ->
                line.problem("range \"" + line.name() + "\" overlaps \"" + text(first) + "-" + text(last) + "\"");
        }
    }

    private static void warnReplaced(Line line, String what, String value, String old) {
        line.warning("duplicate " + what + " \"" + line.name() + "\", value: \"" + value + "\", old value: \"" + old + "\"");
    }

    private void delete(Argument argument) {
        if (byRanges) {
            long[] bounds = range(argument);
            if (bounds.length > 0 && !ranges.delete(bounds[0], bounds[1])) {
                argument.warning("no address range \"" + argument.text() + "\" to delete");
            }
        } else if (argument.is("default")) {
            others = Optional.empty();
        } else {
            network(argument).ifPresent(network -> {
                if (networks.remove(network) == null) {
                    argument.warning("no network \"" + argument.text() + "\" to delete");
                }
            });
        }
    }

    private static Optional<Cidr> network(Argument argument) {
        Optional<Cidr> network = Networks.read(argument);
        if (network.isEmpty()) {
            argument.problem("invalid network \"" + argument.text() + "\" in \"geo\"");
        }
        return network;
    }

    /// The first and the last address as numbers; empty if there are none.
    private static long[] range(Argument argument) {
        int dash = argument.text().indexOf('-');
        Optional<Long> first = number(argument.text().substring(0, Math.max(dash, 0)));
        Optional<Long> last = number(argument.text().substring(dash + 1));
        if (first.isEmpty() || last.isEmpty() || first.get() > last.get()) {
            argument.problem("invalid range \"" + argument.text() + "\" in \"geo\"");
            return new long[0];
        }
        return new long[] {first.get(), last.get()};
    }

    private static Optional<Long> number(String address) {
        return AddressText.parse(address).filter(Inet4Address.class::isInstance).map(InetAddress::getAddress)
                .map(bytes -> (bytes[0] & 0xffL) << 24 | (bytes[1] & 0xffL) << 16 | (bytes[2] & 0xffL) << 8 | bytes[3] & 0xffL);
    }

    private static String text(long address) {
        return (address >> 24) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "." + (address & 0xff);
    }
}

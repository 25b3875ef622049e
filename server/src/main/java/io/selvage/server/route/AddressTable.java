package io.selvage.server.route;

import io.selvage.server.net.Cidr;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// A value for every address (`geo`). A look-up is a binary search. Immutable.
public final class AddressTable {
    private final Stretches v4;
    private final Stretches v6;

    private AddressTable(Stretches v4, Stretches v6) {
        this.v4 = v4;
        this.v6 = v6;
    }

    /// The smallest network that contains an address decides.
    ///
    /// @param others the value of addresses in none of the networks
    public static AddressTable ofNetworks(Map<Cidr, String> networks, String others) {
        List<Block> v4 = new ArrayList<>();
        List<Block> v6 = new ArrayList<>();
        networks.forEach((network, value) -> {
            int bits = 8 * network.network().getAddress().length;
            BigInteger first = new BigInteger(1, network.network().getAddress());
            BigInteger last = first.add(BigInteger.ONE.shiftLeft(bits - network.bits())).subtract(BigInteger.ONE);
            (bits == 32 ? v4 : v6).add(new Block(first, last, value));
        });
        return new AddressTable(Stretches.of(v4, others), Stretches.of(v6, others));
    }

    /// The range of IPv4 addresses that contains an address decides.
    ///
    /// @param others the value of addresses in none of the ranges
    public static AddressTable ofRanges(AddressRanges ranges, String others) {
        List<Block> v4 = new ArrayList<>();
        ranges.forEach((first, last, value) -> v4.add(new Block(BigInteger.valueOf(first), BigInteger.valueOf(last), value)));
        Stretches stretches = Stretches.of(v4, others);
        return new AddressTable(stretches, Stretches.of(List.of(), stretches.find(0, 0xffff_ffffL)));
    }

    /// The value of an address. In a table of ranges, each IPv6 address has the value of 255.255.255.255.
    public String find(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? v4.find(0, number(bytes, 0, 4))
                : v6.find(number(bytes, 0, 8), number(bytes, 8, 16));
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }

    /// Addresses that follow each other. Two blocks are apart, or one is inside the other.
    private record Block(BigInteger first, BigInteger last, String value) {
    }

    /// Stretches of addresses with one value each; each ends before the next.
    ///
    /// @param high the upper 64 bits of the first address of each
    /// @param low the lower 64 bits
    private record Stretches(long[] high, long[] low, String[] values) {

        static Stretches of(List<Block> blocks, String others) {
            Filling filling = new Filling();
            filling.begin(BigInteger.ZERO, others);
            Deque<Block> open = new ArrayDeque<>();
            List<Block> sorted = new ArrayList<>(blocks);
            sorted.sort(Comparator.comparing(Block::first).thenComparing(Block::last, Comparator.reverseOrder()));
            for (Block block : sorted) {
                filling.close(open, block.first, others);
                filling.begin(block.first, block.value);
                open.push(block);
            }
            filling.close(open, BigInteger.ONE.shiftLeft(129), others);
            return filling.stretches();
        }

        String find(long upper, long lower) {
            int from = 0;
            int to = high.length;
            while (to - from > 1) {
                int middle = from + to >>> 1;
                int order = Long.compareUnsigned(high[middle], upper);
                boolean begins = order == 0 ? Long.compareUnsigned(low[middle], lower) <= 0 : order < 0;
                from = begins ? middle : from;
                to = begins ? to : middle;
            }
            return values[from];
        }
    }

    /// Collects stretches in ascending order.
    private static final class Filling {
        private long[] high = new long[16];
        private long[] low = new long[16];
        private String[] values = new String[16];
        private int count;

        /// Ends the blocks that are over before an address: what is around them goes on behind them.
        void close(Deque<Block> open, BigInteger before, String others) {
            while (!open.isEmpty() && open.peek().last.compareTo(before) < 0) {
                Block ended = open.pop();
                begin(ended.last.add(BigInteger.ONE), open.isEmpty() ? others : open.peek().value);
            }
        }

        void begin(BigInteger first, String value) {
            long upper = first.shiftRight(64).longValue();
            long lower = first.longValue();
            if (first.bitLength() > 128) {
                return;                                    // behind the last address
            }
            if (count > 0 && high[count - 1] == upper && low[count - 1] == lower) {
                values[count - 1] = value;
                return;
            }
            if (count == values.length) {
                high = Arrays.copyOf(high, 2 * count);
                low = Arrays.copyOf(low, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            high[count] = upper;
            low[count] = lower;
            values[count++] = value;
        }

        Stretches stretches() {
            return new Stretches(Arrays.copyOf(high, count), Arrays.copyOf(low, count), Arrays.copyOf(values, count));
        }
    }
}

package io.selvage.server.route;

import io.selvage.server.net.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class AddressTableTest {

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @RepeatedTest(50)
    void smallestNetworkDecides(RepetitionInfo run) throws UnknownHostException {
        SplittableRandom random = new SplittableRandom(run.getCurrentRepetition());
        Map<Cidr, String> networks = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            InetAddress network = random(random);
            networks.put(new Cidr(network, random.nextInt(8 * network.getAddress().length + 1)), "n" + i);
        }
        AddressTable table = AddressTable.ofNetworks(networks, "others");
        for (int i = 0; i < 300; i++) {
            InetAddress address = random(random);
            String expected = networks.entrySet().stream().filter(network -> network.getKey().contains(address))
                    .max((a, b) -> Integer.compare(a.getKey().bits(), b.getKey().bits()))
                    .map(Map.Entry::getValue).orElse("others");
            assertEquals(expected, table.find(address), address::toString);
        }
    }

    /// An address with few different bits, so that networks lie within each other.
    private static InetAddress random(SplittableRandom random) throws UnknownHostException {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? 0x80 : random.nextInt(8) == 0 ? 0xff : 0);
        }
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void networksMayReachTheLastAddress() {
        AddressTable table = AddressTable.ofNetworks(
                Map.of(Cidr.parse("255.255.255.255/32"), "a", Cidr.parse("ffff::/16"), "b"), "");
        assertEquals("a", table.find(address("255.255.255.255")));
        assertEquals("", table.find(address("255.255.255.254")));
        assertEquals("b", table.find(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
        assertEquals("", table.find(address("::")));
    }

    @Test
    void rangeInsideAnotherTakesItsAddresses() {
        AddressRanges ranges = new AddressRanges();
        assertInstanceOf(AddressRanges.Added.New.class, ranges.add(10, 20, "a"));
        assertInstanceOf(AddressRanges.Added.New.class, ranges.add(12, 13, "b"));
        assertEquals(new AddressRanges.Added.Replaced("b"), ranges.add(12, 13, "c"));
        assertEquals(new AddressRanges.Added.Overlaps(14, 20), ranges.add(13, 15, "d"));
        assertEquals(new AddressRanges.Added.Overlaps(14, 20), ranges.add(0, 30, "e"));
        AddressTable table = AddressTable.ofRanges(ranges, "-");
        assertEquals("-aaccaaaaaaa-", found(table, 9, 21));
        ranges.delete(11, 12);
        assertEquals("-a--caaaaaaa-", found(AddressTable.ofRanges(ranges, "-"), 9, 21));
    }

    private static String found(AddressTable table, int from, int to) {
        StringBuilder found = new StringBuilder();
        for (int last = from; last <= to; last++) {
            found.append(table.find(address("0.0.0." + last)));
        }
        return found.toString();
    }
}

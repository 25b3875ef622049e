package io.selvage.loadbalancer;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Points on a ring of 2^32 values, each owned by one server. They are computed as in memcached's ketama clients: 160 for each
/// unit of weight, each the CRC of the host, a zero byte, the port, and the previous point as four bytes, low byte first.
///
/// A key belongs to the first point at or after its own CRC.
final class Ring {
    private static final int POINTS_PER_WEIGHT = 160;
    private static final int SERVER_BITS = 31;
    private static final Pattern UNIX = Pattern.compile("unix:(?<path>.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST_PORT = Pattern.compile("(?<host>.*):(?<port>[0-9]*)");

    private final long[] points;   // ascending: the hash in the upper bits, the number of the server in the lower

    /// A server on the ring. It owns 160 points for each unit of `weight`.
    record Server(String name, int weight) {
    }

    /// If two points coincide, the earlier server in the list owns it.
    Ring(List<Server> servers) {
        int count = servers.stream().mapToInt(server -> server.weight() * POINTS_PER_WEIGHT).sum();
        points = new long[count];
        int next = 0;
        for (int i = 0; i < servers.size(); i++) {
            byte[] name = hostAndPort(servers.get(i).name());
            long hash = 0;
            for (int j = 0; j < servers.get(i).weight() * POINTS_PER_WEIGHT; j++) {
                hash = pointAfter(name, (int) hash);
                points[next++] = hash << SERVER_BITS | i;
            }
        }
        Arrays.sort(points);
    }

    /// The index of the point to which `key` belongs.
    int placeOf(byte[] key) {
        var crc = new CRC32();
        crc.update(key);
        int found = Arrays.binarySearch(points, crc.getValue() << SERVER_BITS);
        return found >= 0 ? found : -found - 1;
    }

    /// The index of the server that owns the point at `place`. Places beyond the last one wrap around.
    int ownerAt(int place) {
        return (int) points[place % points.length] & Integer.MAX_VALUE;
    }

    private static byte[] hostAndPort(String server) {
        Matcher unix = UNIX.matcher(server);
        if (unix.matches()) {
            return (unix.group("path") + '\0').getBytes(UTF_8);
        }
        Matcher tcp = HOST_PORT.matcher(server);
        String name = tcp.matches() ? tcp.group("host") + '\0' + tcp.group("port") : server + '\0';
        return name.getBytes(UTF_8);
    }

    private static long pointAfter(byte[] name, int previous) {
        var crc = new CRC32();
        crc.update(name);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(previous >>> shift);
        }
        return crc.getValue();
    }
}

package io.selvage.server.http1;

import io.selvage.server.http1.ProxyHeaderParser.Parsed;
import io.selvage.server.net.AddressText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class ProxyHeaderParserTest {
    private static final String BINARY = "\r\n\r\n\0\r\nQUIT\n";
    private static final String PORTS = "\0\u007b\u0016\u002e";
    private static final String TCP4 = "\u00c0\0\2\1\u00c0\0\2\2" + PORTS;
    private static final String TCP6 = "\40\1\15\u00b8" + "\0".repeat(11) + "\1\40\1\15\u00b8" + "\0".repeat(11) + "\2" + PORTS;

    private static Parsed parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ProxyHeaderParser.parse(bytes, bytes.length);
    }

    /// The two addresses and the number of bytes that are left.
    private static String header(String text) {
        Parsed.Header parsed = assertInstanceOf(Parsed.Header.class, parse(text), text);
        return parsed.header().from().map(AddressText::withPort).orElse("none") + " "
                + parsed.header().to().map(AddressText::withPort).orElse("none") + " " + (text.length() - parsed.used());
    }

    /// A header of version 2.
    private static String binary(int command, int family, String content) {
        int length = content.length();
        return BINARY + (char) command + (char) family + (char) (length >> 8) + (char) (length & 0xff) + content;
    }

    private static String typed(int type, String value) {
        return "" + (char) type + (char) (value.length() >> 8) + (char) (value.length() & 0xff) + value;
    }

    @Test
    void lineNamesAddresses() {
        assertEquals("192.0.2.1:123 192.0.2.2:5678 5", header("PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\nGET /"));
        assertEquals("[2001:db8::1]:0 [2001:db8::2]:65535 0", header("PROXY TCP6 2001:DB8::1 2001:db8:0::2 0 65535\r\n"));
        assertEquals("none none 1", header("PROXY UNKNOWN\r\n\n"));
        assertEquals("none none 0", header("PROXY UNKNOWN anything 1 2 3\r\n"));
    }

    @Test
    void binaryHeaderNamesAddresses() {
        assertEquals("192.0.2.1:123 192.0.2.2:5678 3", header(binary(0x21, 0x11, TCP4) + "GET"));
        assertEquals("[2001:db8::1]:123 [2001:db8::2]:5678 0", header(binary(0x21, 0x21, TCP6)));
        assertEquals("none none 0", header(binary(0x20, 0x11, TCP4)));
        assertEquals("none none 0", header(binary(0x21, 0x31, "x".repeat(216))));
        assertEquals("none none 0", header(binary(0x21, 0x00, "")));
    }

    @Test
    void binaryHeaderHasValues() {
        String tls = "\1\0\0\1\0" + typed(0x21, "TLSv1.3") + typed(0x22, "a.test");
        Parsed.Header parsed = assertInstanceOf(Parsed.Header.class,
                parse(binary(0x21, 0x11, TCP4 + typed(2, "host") + typed(2, "second") + typed(0x20, tls) + "\5\0\7cut")));
        assertEquals(Optional.of("host"), parsed.header().value(2));
        assertEquals(Optional.empty(), parsed.header().value(5));
        assertEquals(Optional.of("TLSv1.3"), parsed.header().tlsValue(0x21));
        assertEquals(Optional.of(256L), parsed.header().tlsVerification());
        assertEquals(Optional.empty(), parsed.header().tlsValue(0x23));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "PROXX", "proxy TCP4 ", "PROXY TCP4 192.0.2.1 192.0.2.2 123\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678 9\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 0123 5678\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 123 65536\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 123 -1\r\n",
        "PROXY TCP4 ::1 ::2 123 5678\r\n", "PROXY TCP6 192.0.2.1 192.0.2.2 123 5678\r\n", "PROXY TCP4 a.test b.test 1 2\r\n",
        "PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n", "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\n", "PROXY \r\n", "\r\n\r\nGET", "\r\n\r\n\0\r\nQUIT\r"})
    void brokenLineIsRefused(String text) {
        assertInstanceOf(Parsed.Broken.class, parse(text));
    }

    @Test
    void longestLineEndsItAnyway() {
        String longest = "PROXY UNKNOWN " + "x".repeat(91);
        assertEquals("none none 0", header(longest + "\r\n"));
        assertInstanceOf(Parsed.Broken.class, parse(longest + "x\r\n"));
        assertInstanceOf(Parsed.NeedMore.class, parse(longest + "x"));
        assertInstanceOf(Parsed.Broken.class, parse(longest + "xxx"));
    }

    @ParameterizedTest
    @CsvSource({"0x11, 0x11", "0x31, 0x11", "0x22, 0x11", "0x2f, 0x11"})
    void unknownVersionOrCommandIsRefused(String command, String family) {
        assertInstanceOf(Parsed.Broken.class, parse(binary(Integer.decode(command), Integer.decode(family), TCP4)));
    }

    @Test
    void binaryHeaderOfWrongLengthIsRefused() {
        assertInstanceOf(Parsed.Broken.class, parse(binary(0x21, 0x11, TCP4.substring(1))));
        assertInstanceOf(Parsed.Broken.class, parse(binary(0x21, 0x21, TCP4)));
        assertInstanceOf(Parsed.Broken.class, parse(BINARY + "\41\21\u0020\0"));
        assertEquals("192.0.2.1:123 192.0.2.2:5678 0", header(binary(0x21, 0x11, TCP4 + "x".repeat(4096 - 28))));
    }

    @Test
    void headerMayBeCutAnywhere() {
        String line = "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\n";
        for (String whole : new String[] {line, binary(0x21, 0x21, TCP6 + typed(2, "a"))}) {
            for (int cut = 0; cut < whole.length(); cut++) {
                assertInstanceOf(Parsed.NeedMore.class, parse(whole.substring(0, cut)), whole.substring(0, cut));
            }
        }
    }
}

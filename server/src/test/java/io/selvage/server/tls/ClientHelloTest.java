package io.selvage.server.tls;

import io.selvage.server.tls.TlsException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClientHelloTest {

    private static Optional<ClientHello> parse(byte[] received) throws TlsException {
        return new ClientHelloParser().advance(ByteBuffer.wrap(received));
    }

    private static Kind refusal(byte[] received) {
        return assertThrows(TlsException.class, () -> parse(received)).kind();
    }

    @Test
    void aHelloTellsItsNameItsProtocolsAndWhatItOffers() throws Exception {
        ClientHello hello = parse(Hellos.of("Shop.Example", "h2", "http/1.1")).orElseThrow();
        assertEquals(Optional.of("shop.example"), hello.serverName());
        assertEquals(List.of("h2", "http/1.1"), hello.alpn());
        assertTrue(hello.offers(TlsVersion.TLS_1_3));
        assertTrue(hello.offers(TlsVersion.TLS_1_2));
        assertFalse(hello.offers(TlsVersion.TLS_1_0));
        assertTrue(hello.offersCipher(0x1301));
        assertTrue(Arrays.stream(hello.groups()).anyMatch(group -> group == NamedGroup.X25519.id()));
        assertEquals(64, hello.sessionId().length());
    }

    /// RFC 6066 §3: an address is no server name, and the JDK sends none.
    @Test
    void aHelloWithoutANameHasNone() throws Exception {
        assertEquals(Optional.empty(), parse(Hellos.of("127.0.0.1")).orElseThrow().serverName());
    }

    @Test
    void aHelloMayComeInAnyPieces() throws Exception {
        byte[] record = Hellos.of("shop.example");
        for (int cut = 0; cut < record.length; cut++) {
            ClientHelloParser parser = new ClientHelloParser();
            assertEquals(Optional.empty(), parser.advance(ByteBuffer.wrap(record, 0, cut)));
            assertTrue(parser.advance(ByteBuffer.wrap(record)).isPresent());
        }
    }

    /// RFC 8446 §5.1: a message may be spread over several records.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 100, 200})
    void aHelloMayBeSpreadOverRecords(int size) throws Exception {
        byte[] records = Hellos.inRecordsOf(size, Hellos.of("shop.example"));
        ClientHelloParser parser = new ClientHelloParser();
        Optional<ClientHello> hello = Optional.empty();
        for (int end = 1; end <= records.length; end++) {
            hello = parser.advance(ByteBuffer.wrap(records, 0, end));
            assertEquals(end == records.length, hello.isPresent());
        }
        assertEquals(Optional.of("shop.example"), hello.orElseThrow().serverName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "G", "\r\n", "PRI * HTTP/2.0", "\u0000", "\u0015"})
    void whatDoesNotBeginAsTlsIsPlainText(String text) {
        assertEquals(Kind.PLAIN_TEXT, refusal(text.getBytes(ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource({
        "802e0100020015, SSL 2",
        "1602000005, a version below 3",
        "1603010000, an empty record",
        "1603014001, a record that is too long",
        "16030100040200000000, another message",
        "16030100040101ffff, a message of more than 64 KB",
        "1603010005010000010315030100020100, an alert between the records",
        "160301000401000000, an empty message",
    })
    void whatIsNotAHelloIsGarbage(String hex, String what) {
        assertEquals(Kind.GARBAGE, refusal(HexFormat.of().parseHex(hex)), what);
    }

    @Test
    void aHelloOfMoreThan64KilobytesIsRefused() {
        byte[] record = new byte[5 + 4 + 0x10000];
        HexFormat.of().parseHex("16030140000100ffff");
        System.arraycopy(HexFormat.of().parseHex("16030140000100ffff"), 0, record, 0, 9);
        for (int at = 0; at + 5 < record.length; at += 5 + 0x4000) {
            System.arraycopy(HexFormat.of().parseHex("1603014000"), 0, record, at, 5);
        }
        assertEquals(Kind.GARBAGE, refusal(record));
    }

    /// Every byte of a hello is damaged once: it is parsed, refused, or not complete, and nothing else.
    @Test
    void damagedHellosAreRefusedOrRead() throws Exception {
        byte[] record = Hellos.of("shop.example", "h2");
        int refused = 0;
        for (int at = 0; at < record.length; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0xff}) {
                byte[] damaged = record.clone();
                damaged[at] = (byte) value;
                try {
                    parse(damaged);
                } catch (TlsException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void namesOfServersAreChecked() throws Exception {
        byte[] record = Hellos.of("shop.example");
        int name = new String(record, ISO_8859_1).indexOf("shop.example");
        for (char bad : new char[] {0, ' ', '\n', 0x7f, 0xe4}) {
            byte[] damaged = record.clone();
            damaged[name + 4] = (byte) bad;
            assertEquals(Kind.GARBAGE, refusal(damaged));
        }
    }

    @Test
    void aTrailingDotIsNoPartOfTheName() throws Exception {
        byte[] record = Hellos.of("shop.example");
        int name = new String(record, ISO_8859_1).indexOf("shop.example");
        record[name + 11] = '.';
        assertEquals(Optional.of("shop.exampl"), parse(record).orElseThrow().serverName());
    }
}

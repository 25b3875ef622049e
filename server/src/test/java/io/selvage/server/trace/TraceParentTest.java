package io.selvage.server.trace;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// W3C Trace Context, Level 1, §3.2.
class TraceParentTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private static Optional<String> read(String... values) {
        return TraceParent.parse(List.of(values)).map(TraceParent::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, 00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff, 01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe, 00",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 01",
        "fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-and more, 01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-, 01"})
    void aValidValueIsReadAndWrittenInVersion00(String value, String flags) {
        assertEquals(Optional.of("00-" + TRACE + "-" + SPAN + "-" + flags), read(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "000-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "0A-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-.af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033311-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-.0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
        "00 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 01"})
    void anInvalidValueIsNone(String value) {
        assertEquals(Optional.empty(), read(value));
    }

    @Test
    void noneAndSeveralAreNone() {
        String valid = "00-" + TRACE + "-" + SPAN + "-01";
        assertEquals(Optional.empty(), read());
        assertEquals(Optional.empty(), read(valid, valid));
        assertEquals(Optional.empty(), read(valid + "," + valid));
    }
}

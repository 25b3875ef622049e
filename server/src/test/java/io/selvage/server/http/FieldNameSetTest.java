package io.selvage.server.http;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FieldNameSetTest {

    @Test
    void nameIsFoundInAnyCase() {
        FieldNameSet names = FieldNameSet.of("Host", "transfer-encoding", "X_y");
        for (String name : List.of("host", "HOST", "hOsT", "Transfer-Encoding", "TRANSFER-ENCODING", "x_Y")) {
            assertTrue(names.contains(name), name);
        }
    }

    @Test
    void nameOfOtherBytesIsFound() {
        assertTrue(FieldNameSet.of("\u00ff", "other").contains("\u00ff"));
    }

    @Test
    void otherNamesAreNotFound() {
        FieldNameSet names = FieldNameSet.of("Host", "transfer-encoding");
        for (String name : List.of("", "Hos", "Hosts", "H@st", "transfer_encoding", "Trailer-Encoding", "\u00c8ost")) {
            assertFalse(names.contains(name), name);
        }
        assertFalse(FieldNameSet.of().contains("Host"));
    }

    @Test
    void manyNamesAreFoundAndNoOthers() {
        FieldNameSet names = FieldNameSet.of(IntStream.range(0, 500).mapToObj(i -> "X-" + i).toList());
        IntStream.range(0, 500).forEach(i -> assertTrue(names.contains("x-" + i)));
        IntStream.range(500, 1000).forEach(i -> assertFalse(names.contains("x-" + i)));
    }
}

package io.selvage.server.http1;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CharClassesTest {

    @Test
    void textEndsAtTheFirstControlCharacter() {
        for (int octet = 0; octet < 256; octet++) {
            boolean isControl = octet < 0x20 && octet != '\t' || octet == 0x7f;
            for (int at = 0; at < 20; at++) {
                byte[] window = new byte[22];
                Arrays.fill(window, (byte) (at % 2 == 0 ? 'a' : ' '));
                window[1 + at] = (byte) octet;
                assertEquals(isControl ? 1 + at : 21, CharClasses.endOfText(window, 1, 21), octet + " at " + at);
            }
        }
    }
}

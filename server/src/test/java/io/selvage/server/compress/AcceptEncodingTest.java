package io.selvage.server.compress;

import io.selvage.server.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AcceptEncodingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                        | 1000
            GZip                        | 1000
            gzip, deflate               | 1000
            deflate, gzip               | 1000
            deflate,gzip;q=0.5          |  500
            gzip ; q=0.25               |  250
            gzip;Q=0.125                |  125
            'gzip;q=1 '                 | 1000
            gzip;q=1.000                | 1000
            gzip;q=1.                   | 1000
            gzip;q=0                    |    0
            gzip;q=0.000                |    0
            gzip;q=0.001                |    1
            gzip;q=1.001                |    0
            gzip;q=2                    |    0
            gzip;q=0.1234               |    0
            gzip;q=                     |    0
            gzip;q=x                    |    0
            gzip;q=0x5                  |    0
            gzip;                       |    0
            gzip;level=1                |    0
            gzipped                     |    0
            x-gzip                      |    0
            pack;q=0.5, br              |    0
            *                           |    0
            identity                    |    0
            ''                          |    0
            ,,;q=1,gzip                 | 1000
            """)
    void weightOfGzip(String list, int weight) {
        assertEquals(weight, AcceptEncoding.weight(list, "gzip"));
    }

    @Test
    void largestWeightOfSeveralFieldsCounts() {
        Headers fields = Headers.of("Accept-Encoding", "br;q=0.2, gzip", "Accept", "gzip", "accept-encoding", "br;q=0.7");
        assertEquals(700, AcceptEncoding.weight(fields, "br"));
        assertEquals(1000, AcceptEncoding.weight(fields, "gzip"));
        assertEquals(0, AcceptEncoding.weight(fields, "zstd"));
    }
}

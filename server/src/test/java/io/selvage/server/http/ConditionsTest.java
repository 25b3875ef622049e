package io.selvage.server.http;

import io.selvage.server.http.Conditions.Since;
import io.selvage.server.http.Conditions.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The resource has the tag `"v1"` and was last modified at 08:49:37.
class ConditionsTest {
    private static final String CHANGED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";

    private static Verdict verdict(Since since, String... fields) {
        return new Conditions(Headers.of(fields), "\"v1\"", CHANGED, 0).verdict(since);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "*                  | SEND",
        "\"v1\"             | SEND",
        "\"v0\", \"v1\"     | SEND",
        "\"a,b\",\"v1\"     | SEND",
        ",, \"v1\"          | SEND",
        "\"v0\"             | FAILED",
        "W/\"v1\"           | FAILED",
        "v1                 | FAILED",
        "\"v1               | FAILED",
        "\"v11\"            | FAILED",
        "\"v0 \"v1\"        | FAILED"})
    void ifMatchComparesStrongly(String list, Verdict expected) {
        assertEquals(expected, verdict(Since.EXACT, "If-Match", list));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "*                  | NOT_MODIFIED",
        "\"v1\"             | NOT_MODIFIED",
        "W/\"v1\"           | NOT_MODIFIED",
        "\"v0\",W/\"v1\"    | NOT_MODIFIED",
        "\"v0\"             | SEND",
        "w/\"v1\"           | SEND",
        "v1                 | SEND",
        "\"                 | SEND",
        "W/                 | SEND",
        ",                  | SEND"})
    void ifNoneMatchComparesWeakly(String list, Verdict expected) {
        assertEquals(expected, verdict(Since.EXACT, "If-None-Match", list));
    }

    @Test void severalFieldsAreOneList() {
        assertEquals(Verdict.NOT_MODIFIED, verdict(Since.EXACT, "If-None-Match", "\"v0\"", "If-None-Match", "\"v1\""));
    }

    @ParameterizedTest
    @CsvSource({
        "EXACT,  08:49:37, NOT_MODIFIED", "EXACT,  08:49:36, SEND", "EXACT,  08:49:38, SEND",
        "BEFORE, 08:49:37, NOT_MODIFIED", "BEFORE, 08:49:36, SEND", "BEFORE, 08:49:38, NOT_MODIFIED",
        "OFF,    08:49:37, SEND",         "OFF,    08:49:36, SEND", "OFF,    08:49:38, SEND",
        "EXACT,  rubbish,  SEND",         "BEFORE, rubbish,  SEND"})
    void ifModifiedSince(Since since, String time, Verdict expected) {
        assertEquals(expected, verdict(since, "If-Modified-Since", "Sun, 06 Nov 1994 " + time + " GMT"));
    }

    @Test void obsoleteDateFormatsAreAccepted() {
        assertEquals(Verdict.NOT_MODIFIED, verdict(Since.EXACT, "If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"));
        assertEquals(Verdict.NOT_MODIFIED, verdict(Since.EXACT, "If-Modified-Since", "Sun Nov  6 08:49:37 1994"));
    }

    @Test void ifUnmodifiedSince() {
        assertEquals(Verdict.SEND, verdict(Since.EXACT, "If-Unmodified-Since", CHANGED));
        assertEquals(Verdict.SEND, verdict(Since.EXACT, "If-Unmodified-Since", LATER));
        assertEquals(Verdict.FAILED, verdict(Since.EXACT, "If-Unmodified-Since", EARLIER));
        assertEquals(Verdict.SEND, verdict(Since.EXACT, "If-Unmodified-Since", "rubbish"));
    }

    @Test void tagTakesPrecedenceOverTime() {
        assertEquals(Verdict.SEND, verdict(Since.EXACT, "If-Match", "\"v1\"", "If-Unmodified-Since", EARLIER));
        assertEquals(Verdict.FAILED, verdict(Since.EXACT, "If-Match", "\"v0\"", "If-Unmodified-Since", LATER));
        assertEquals(Verdict.NOT_MODIFIED, verdict(Since.EXACT, "If-None-Match", "\"v1\"", "If-Modified-Since", EARLIER));
        assertEquals(Verdict.SEND, verdict(Since.EXACT, "If-None-Match", "\"v0\"", "If-Modified-Since", CHANGED));
    }

    @Test void failedPreconditionTakesPrecedenceOverNotModified() {
        assertEquals(Verdict.FAILED, verdict(Since.EXACT, "If-Match", "\"v0\"", "If-None-Match", "\"v1\""));
        assertEquals(Verdict.NOT_MODIFIED, verdict(Since.EXACT, "If-Match", "\"v1\"", "If-None-Match", "\"v1\""));
        assertEquals(Verdict.FAILED, verdict(Since.EXACT, "If-Unmodified-Since", EARLIER, "If-None-Match", "\"v1\""));
    }

    @Test void conditionsWithoutValidators() {
        var conditions = new Conditions(Headers.of("If-None-Match", "\"\"", "If-Modified-Since", CHANGED), "", "", 0);
        assertEquals(Verdict.SEND, conditions.verdict(Since.BEFORE));
        assertEquals(Verdict.FAILED, new Conditions(Headers.of("If-Match", "\"v1\""), "", "", 0).verdict(Since.EXACT));
        assertEquals(Verdict.SEND, new Conditions(Headers.of("If-Unmodified-Since", CHANGED), "", "", 0).verdict(Since.EXACT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "\"v1\"                         | \"v1\"   | true",
        "\"v0\"                         | \"v1\"   | false",
        "W/\"v1\"                       | \"v1\"   | false",
        "W/\"v1\"                       | W/\"v1\" | false",
        "\"v1\"                         | W/\"v1\" | false",
        "Sun, 06 Nov 1994 08:49:37 GMT  | \"v1\"   | true",
        "Sunday, 06-Nov-94 08:49:37 GMT | \"v1\"   | true",
        "Sun, 06 Nov 1994 08:49:38 GMT  | \"v1\"   | false",
        "wrong                          | \"v1\"   | false"})
    void ifRangeComparesStrongly(String value, String etag, boolean holds) {
        assertEquals(holds, new Conditions(Headers.of("If-Range", value), etag, CHANGED, 0).rangeHolds());
    }

    @Test void rangeWithoutIfRangeApplies() {
        assertEquals(true, new Conditions(Headers.EMPTY, "", "", 0).rangeHolds());
    }
}

package io.selvage.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The request as the application received it.
///
/// @param json a flat object, with one nested object for the header fields
record Echo(String json) {
    static Echo of(RawHttp.Answer answer) {
        assertEquals(200, answer.status(), () -> answer.head() + answer.body());
        return new Echo(answer.body());
    }

    /// The value of a member or of a header field in lower case; empty if there is none.
    String get(String name) {
        Matcher member = Pattern.compile("\"" + name + "\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\d+))").matcher(json);
        if (!member.find()) {
            return "";
        }
        return member.group(1) != null ? member.group(1) : member.group(2);
    }
}

package io.selvage.server.proxy;

import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Whitespace;
import java.util.Optional;

/// The head of a response in CGI's form, where a `Status` field takes the place of a status line (RFC 3875 §6.3.3).
final class CgiHead {
    private static final String STATUS = "Status";

    private CgiHead() {
    }

    /// The head with its `Status` field, if it has one, made its status; 502 where that field has no final status.
    static ResponseHead decode(ResponseHead head) {
        Optional<String> value = head.headers().first(STATUS);
        if (value.isEmpty()) {
            return head;
        }
        String code = Whitespace.trim(value.get()).split(" ", 2)[0];
        boolean wellFormed = code.length() == 3 && code.chars().allMatch(c -> c >= '0' && c <= '9') && code.charAt(0) >= '2';
        Status status = wellFormed ? Status.of(Integer.parseInt(code)) : Status.BAD_GATEWAY;
        return new ResponseHead(status, head.headers().without(STATUS));
    }
}

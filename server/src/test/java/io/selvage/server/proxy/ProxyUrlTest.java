package io.selvage.server.proxy;

import io.selvage.server.http.Authority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProxyUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://app, app:80, app, ''",
        "HTTP://app:80/, app:80, app, /",
        "http://app:8000/x?y, app:8000, app:8000, /x?y",
        "https://app?y, app:443, app, ?y",
        "https://app:443/, app:443, app, /",
        "https://app:80, app:80, app:80, ''",
        "grpcs://app, app:443, app, ''",
        "http://[::1]/, [::1]:80, [::1], /",
        "http://[::1]:81, [::1]:81, [::1]:81, ''",
        "http://unix:/run/app.sock, unix:/run/app.sock, localhost, ''",
        "http://unix:/run/app.sock:/x, unix:/run/app.sock, localhost, /x"
    })
    void urlIsParsed(String url, String address, String host, String path) {
        ProxyUrl parsed = ProxyUrl.parse(url);
        assertEquals(address, parsed.address());
        assertEquals(host, parsed.host());
        assertEquals(path, parsed.path());
    }

    @Test
    void authorityHasDefaultPort() {
        assertEquals(new Authority("app", 80), ProxyUrl.parse("http://app/").named());
        assertEquals(new Authority("app", 8000), ProxyUrl.parse("http://app:8000/").named());
        assertEquals(new Authority("localhost", 0), ProxyUrl.parse("http://unix:/run/app.sock").named());
    }
}

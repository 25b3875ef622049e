package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http.Variable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogLinesTest {
    @TempDir
    private Path folder;

    private static LogTime time(InstantSource clock) {
        return new LogTime(clock, ZoneOffset.ofHoursMinutes(-3, -30));
    }

    private static final LogTime TIME = time(InstantSource.fixed(Instant.parse("2026-01-02T00:00:01.005Z")));

    private String errors(Severity threshold, Consumer<ErrorLog> write) throws IOException {
        Path path = folder.resolve("error.log");
        try (LogFile file = LogFile.of(path, _ -> { })) {
            write.accept(new ErrorLog(threshold, List.of(file), TIME));
        }
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        return text.replaceAll("\\d+#\\d+:", "PID#TID:");
    }

    @Test
    void accessLineConsistsOfItsParts() throws IOException {
        Path path = folder.resolve("access.log");
        Map<String, Variable> variables = Map.of("path", e -> Optional.of(e.routing().path()), "none", _ -> Optional.empty());
        Template line = Template.parse("\"path\" $path $none", (name, _) -> variables.get(name)).orElseThrow();
        LogFormat format = new LogFormat("own", Escape.DEFAULT, line);
        try (LogFile file = LogFile.of(path, _ -> { })) {
            Exchange exchange = FakeClient.asks("GET /a%0a%22%1b HTTP/1.1", "Host: a");
            AccessLog.to(file, format, AccessLog.ALWAYS).log(exchange);
            AccessLog.to(file, format, Text.literal("")).log(exchange);
            AccessLog.to(file, format, Text.literal("0")).log(exchange);
            AccessLog.to(file, format, Text.literal("00")).log(exchange);
        }
        assertEquals("\"path\" /a\\x0A\\x22\\x1B -\n".repeat(2), Files.readString(path));
    }

    @Test
    void errorLineNamesTheRequest() throws IOException {
        Exchange exchange = FakeClient.asks("GET /x HTTP/1.1", "Host: example.org", "Referer: http://r.org/\u001b");
        exchange.routing().siteName("site.org");
        exchange.addAttempt(new Attempt(Attempt.Peer.alone("127.0.0.1:81"), Status.BAD_GATEWAY, 0, -1, -1, -1, 0,
                Attempt.Traffic.NONE));
        assertEquals("2026/01/01 20:30:01 [error] PID#TID: *7 nobody there, client: 10.0.0.1, server: site.org, "
                + "request: \"GET /x HTTP/1.1\", upstream: \"127.0.0.1:81\", host: \"example.org\", "
                + "referrer: \"http://r.org/\\x1B\"\n",
                errors(Severity.ERROR, log -> log.log(Severity.ERROR, exchange, "nobody there")));
    }

    @Test
    void linesBelowTheLevelAreNotWritten() throws IOException {
        assertEquals("2026/01/01 20:30:01 [warn] PID#TID: b\n2026/01/01 20:30:01 [emerg] PID#TID: c\n",
                errors(Severity.WARN, log -> {
                    log.log(Severity.NOTICE, "a");
                    log.log(Severity.WARN, "b");
                    log.log(Severity.EMERG, "c");
                }));
    }

    @Test
    void messageIsOneLine() throws IOException {
        assertEquals("2026/01/01 20:30:01 [crit] PID#TID: open \"/a\\x0A[alert]\\x1B\u00e9\" failed\n",
                errors(Severity.ERROR, log -> log.log(Severity.CRIT, "open \"/a\n[alert]\u001b\u00e9\" failed")));
    }

    @Test
    void bugIsLoggedWithAStackTrace() throws IOException {
        String text = errors(Severity.CRIT, log -> log.bug(FakeClient.asks("GET / HTTP/1.1"), new IllegalStateException("boom")));
        assertTrue(text.startsWith("2026/01/01 20:30:01 [alert] PID#TID: *7 java.lang.IllegalStateException: boom, "), text);
        assertTrue(text.contains("\n\tat io.selvage.server.observe.LogLinesTest."), text);
    }

    @Test
    void silentLogWritesNothing() {
        assertFalse(ErrorLog.SILENT.tells(Severity.EMERG));
    }

    @Test
    void timeFollowsTheClock() {
        Instant[] now = {Instant.parse("2026-12-31T23:59:59.999Z")};
        LogTime time = time(() -> now[0]);
        assertEquals("31/Dec/2026:20:29:59 -0330", time.local());
        assertEquals("1798761599.999", time.msec());
        now[0] = now[0].plusMillis(1);
        assertEquals("31/Dec/2026:20:30:00 -0330", time.local());
        assertEquals("2026-12-31T20:30:00-03:30", time.iso());
        now[0] = now[0].minusSeconds(3600);
        assertEquals("2026/12/31 19:30:00", time.error());
    }

    @Test
    void spansHaveThreeDecimals() {
        assertEquals("0.000 0.007 12.340 0.000", String.join(" ", LogTime.seconds(0), LogTime.seconds(7), LogTime.seconds(12_340),
                LogTime.seconds(-5)));
    }

    @Test
    void syslogMessageBeginsAsNginxWritesIt() {
        SyslogHeader header = new SyslogHeader(23, "nginx", "box");
        assertEquals("<190>Jan  1 20:30:01 box nginx: ", header.text(SyslogHeader.Level.INFO, TIME));
        assertEquals("<34>Jan  1 20:30:01 web: ", new SyslogHeader(4, "web", "").text(SyslogHeader.Level.CRIT, TIME));
    }

    @Test
    void errorMessageToSyslogHasItsSeverity() throws IOException {
        Path path = folder.resolve("error.log");
        try (LogFile file = LogFile.of(path, _ -> { })) {
            ErrorLog log = new ErrorLog(List.of(new ErrorLog.Sink(Severity.INFO, file,
                    Optional.of(new SyslogHeader(1, "web", "")), false)), TIME);
            log.log(Severity.DEBUG, "a");
            log.log(Severity.WARN, "b");
            log.log(Severity.EMERG, "c");
        }
        assertEquals("<12>Jan  1 20:30:01 web: 2026/01/01 20:30:01 [warn] PID#TID: b\n"
                + "<8>Jan  1 20:30:01 web: 2026/01/01 20:30:01 [emerg] PID#TID: c\n",
                Files.readString(path).replaceAll("\\d+#\\d+:", "PID#TID:"));
    }
}

package io.selvage.server.config;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// What holds when a file says nothing: nginx's defaults, but for those of Selvage's own.
class DefaultsTest {
    private static final String PASS = """
            connectTimeout=PT1M, sendTimeout=PT1M, readTimeout=PT1M, buffering=true, bufferSize=4096, \
            buffers=BufferSizes[count=8, size=4096], maxTempFileSize=1073741824, tempPath=%s_temp, \
            requestBuffering=true, passRequestHeaders=true, passRequestBody=true, ignoreClientAbort=false, \
            nextUpstream=[error, timeout], nextUpstreamTries=0, nextUpstreamTimeout=PT0S, interceptErrors=false, \
            hideHeaders=[], passHeaders=[], ignoreHeaders=[]""";

    @Test
    void aServerWithNothingInItIsUsual() throws ConfigProblems {
        Config config = Configs.parse("events { } http { server { } }");
        ServerConfig server = config.http().servers().getFirst();
        LocationSettings settings = server.own().settings();
        assertEquals("""
                user=User[name=, group=], workers=Workers[count=0], io=AUTO, workerShutdownTimeout=PT0S, pid=, \
                errorLogs=[ErrorLogConfig[file=stderr, level=ERROR]]""", inside(config.main()));
        assertEquals("workerConnections=512", inside(config.events()));
        assertEquals("[Listen[address=0.0.0.0:80, defaultServer=false, options=Options[backlog=511, reusePort=false, "
                + "ipv6Only=true, keepalive=false, receiveBuffer=0, sendBuffer=0]]]", server.listens().toString());
        assertEquals("[Exact[name=]]", server.names().toString());
        assertEquals("""
                bufferSize=1024, largeBuffers=BufferSizes[count=4, size=8192], timeout=PT1M, ignoreInvalidHeaders=true, \
                underscoresInHeaders=false, mergeSlashes=true""", inside(server.head()));
        assertEquals("""
                root=Root[folder=html], index=[index.html], types=MediaTypes[byExtension=TYPES], defaultType=text/plain, \
                sendfile=false, openFileCache=OpenFileCache[max=0, inactive=PT1M], \
                openFileCacheValid=PT1M, openFileCacheMinUses=1, openFileCacheErrors=false, etag=true, ifModifiedSince=EXACT, \
                maxRanges=2147483647""", inside(settings.files())
                .replace(settings.files().types().byExtension().toString(), "TYPES"));
        assertEquals("""
                maxBodySize=1048576, bodyBufferSize=16384, bodyTempPath=client_body_temp, bodyTimeout=PT1M, sendTimeout=PT1M, \
                keepaliveTimeout=KeepAliveTimeout[idle=PT1M15S, told=PT0S], keepaliveRequests=1000, keepaliveTime=PT1H, \
                lingeringClose=ON, lingeringTime=PT30S, lingeringTimeout=PT5S, resetTimedoutConnection=false, \
                tcpNodelay=true""", inside(settings.client()));
        assertEquals("absolute=true, serverName=false, port=true", inside(settings.redirects()));
        assertEquals("serverTokens=ON, add=[], expires=Off[]", inside(settings.headers()));
        assertEquals("""
                access=[AccessLogConfig[file=/dev/stdout, format=combined, condition=, buffer=0, flush=PT0S]], \
                errors=[ErrorLogConfig[file=stderr, level=ERROR]], latencies=[], notFound=true""", inside(settings.logs()));
        assertEquals("pages=[]", inside(settings.errors()));
        assertEquals("rules=[]", inside(settings.access()));
        assertEquals("""
                requests=[], requestsStatus=503, requestsDryRun=false, requestsLogLevel=ERROR, connections=[], \
                connectionsStatus=503, connectionsDryRun=false, connectionsLogLevel=ERROR, rate=0, rateAfter=0""",
                inside(settings.limits()));
    }

    @Test
    void peersAreSpokenToAsUsual() throws ConfigProblems {
        Config config = Configs.parse("upstream a { server b; } server { }");
        LocationSettings settings = config.http().servers().getFirst().own().settings();
        assertEquals(PASS.formatted("proxy"), sorted(settings.proxy().pass()));
        assertEquals(PASS.formatted("uwsgi"), sorted(settings.uwsgi().pass()));
        assertEquals("httpVersion=1.1, method=, setHeaders=[SetHeader[name=Host, value=${proxy_host}]], setBody=Same[], "
                + "redirects=[Usual[]]", behindPass(settings.proxy()));
        assertEquals("params=[], modifier1=0, modifier2=0", behindPass(settings.uwsgi()));
        assertEquals("""
                [UpstreamConfig[name=a, balance=RoundRobin[], \
                idle=Idle[connections=32, requests=1000, time=PT1H, timeout=PT1M], \
                servers=[UpstreamServer[address=b:80, weight=1, maxConnections=0, maxFails=1, failTimeout=PT10S, \
                backup=false, down=false]]]]""", config.http().upstreams().toString());
    }

    @Test
    void theCombinedFormatIsAlwaysThere() throws ConfigProblems {
        assertEquals("[LogFormatConfig[name=combined, escape=DEFAULT, line=${remote_addr} - ${remote_user} [${time_local}] "
                + "\"${request}\" ${status} ${body_bytes_sent} \"${http_referer}\" \"${http_user_agent}\"]]",
                Configs.parse("").http().logFormats().toString());
    }

    /// What stands between the brackets.
    private static String inside(Record record) {
        String text = record.toString();
        return text.substring(text.indexOf('[') + 1, text.length() - 1);
    }

    private static String behindPass(Record record) {
        return inside(record).replaceFirst("^pass=PassConfig\\[.*?ignoreHeaders=\\[]], ", "");
    }

    private static String sorted(PassConfig pass) {
        return inside(pass).replace("TIMEOUT, ERROR", "ERROR, TIMEOUT").replace("ERROR, TIMEOUT", "error, timeout");
    }
}

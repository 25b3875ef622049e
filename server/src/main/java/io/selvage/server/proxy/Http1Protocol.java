package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.RequestWriter;

/// HTTP/1 to a peer (`proxy_pass`).
///
/// @param fields which fields are sent
/// @param method what is asked (`proxy_method`)
/// @param version HTTP/1.0 knows neither chunks nor a second request (`proxy_http_version`)
public record Http1Protocol(RequestFields fields, Text method, Version version) implements PeerProtocol {

    @Override
    public boolean needsLength() {
        return version == Version.HTTP_1_0;
    }

    @Override
    public boolean keepsConnections() {
        return version == Version.HTTP_1_1;
    }

    @Override
    public boolean circles(Exchange exchange) {
        return fields.circles(exchange);
    }

    @Override
    public UpstreamRequest request(Exchange exchange, ProxyTarget aim, Framing body) throws Failure {
        String target = aim.target().target(exchange);
        Method asked = Method.of(method.apply(exchange));
        Headers headers = fields.of(exchange, aim.url().host(), version == Version.HTTP_1_1);
        if (version == Version.HTTP_1_0 && !headers.contains("Connection")) {
            headers = headers.with("Connection", "close");
        }
        boolean asksUpgrade = headers.contains("Upgrade") && headers.tokens("Connection").contains("upgrade");
        return new UpstreamRequest(RequestWriter.head(asked, target, version, headers, body), asked, asksUpgrade);
    }
}

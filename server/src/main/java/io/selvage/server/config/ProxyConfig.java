package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// How exchanges are passed to peers that speak HTTP.
///
/// @param method empty for the request's own
/// @param setHeaders fields of the request to the peer; there is always a `Host`, which is `$proxy_host` unless it is set. A
///     field whose value comes out empty is not sent
/// @param redirects how `Location` and `Refresh` of answers are changed: the first that fits; empty to leave them alone
public record ProxyConfig(
        @Setting.Prefix("proxy") PassConfig pass,
        @Setting("proxy_http_version 1.1") HttpVersion httpVersion,
        @Setting("proxy_method") Template method,
        @Setting("proxy_set_header") List<SetHeader> setHeaders,
        @Setting("proxy_set_body") SetBody setBody,
        @Setting("proxy_redirect default") List<ProxyRedirect> redirects) {
    private static final SetHeader HOST = new SetHeader("Host", new Template(List.of(new Template.Variable("proxy_host"))));

    /// The version that peers are spoken to in.
    public enum HttpVersion {
        HTTP_1_0("1.0"), HTTP_1_1("1.1");

        private final String number;

        HttpVersion(String number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return number;
        }
    }

    public ProxyConfig {
        var headers = new ArrayList<>(setHeaders);
        if (headers.stream().noneMatch(header -> header.name().equalsIgnoreCase("Host"))) {
            headers.add(HOST);
        }
        setHeaders = List.copyOf(headers);
        redirects = List.copyOf(redirects);
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Context;
import io.selvage.server.config.Entry;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The defaults: those of nginx, except where Selvage has its own.
class DefaultsTest {
    private static final String MAIN = """
            worker_processes auto;
            io auto;
            worker_shutdown_timeout 0s;
            ssl_engine auto;
            """;

    private static final String SITE = """
            listen 80;
            """;

    /// The defaults of directives that are allowed in `http`.
    private static final String HTTP = """
            client_header_buffer_size 1k;
            large_client_header_buffers 4 8k;
            client_header_timeout 60s;
            ignore_invalid_headers on;
            underscores_in_headers off;
            max_headers 1000;
            merge_slashes on;
            client_max_body_size 1m;
            client_body_buffer_size 16k;
            client_body_temp_path client_body_temp;
            client_body_in_file_only off;
            client_body_timeout 60s;
            client_body_min_rate 100 grace=30s;
            keepalive_timeout 75s;
            keepalive_requests 1000;
            keepalive_time 1h;
            keepalive_disable msie6;
            keepalive_min_timeout 0;
            lingering_close on;
            lingering_time 30s;
            lingering_timeout 5s;
            send_timeout 60s;
            send_min_rate 100 grace=30s;
            chunked_transfer_encoding on;
            reset_timedout_connection off;
            tcp_nodelay on;
            ssl off;
            ssl_certificate_cache max=1000 inactive=60s valid=1s;
            ssl_protocols TLSv1.2 TLSv1.3;
            ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
            ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
            ssl_prefer_server_ciphers on;
            ssl_ecdh_curve auto;
            ssl_session_cache none;
            ssl_session_tickets on;
            ssl_session_timeout 5m;
            ssl_verify_client off;
            ssl_verify_depth 1;
            ssl_stapling off;
            ssl_stapling_verify off;
            ssl_certificate_compression off;
            ssl_buffer_size 16k;
            ssl_reject_handshake off;
            http2 off;
            http2_max_concurrent_streams 128;
            http2_body_preread_size 64k;
            http2_recv_buffer_size 256k;
            http2_chunk_size 8k;
            real_ip_header X-Real-IP;
            real_ip_recursive off;
            modern_browser_value 1;
            ancient_browser_value 1;
            otel_service_name unknown_service:selvage;
            otel_trace_context ignore;
            rewrite_log off;
            uninitialized_variable_warn on;
            absolute_redirect on;
            server_name_in_redirect off;
            port_in_redirect on;
            limit_req_status 503;
            limit_req_dry_run off;
            limit_req_log_level error;
            limit_conn_status 503;
            limit_conn_dry_run off;
            limit_conn_log_level error;
            limit_rate 0;
            limit_rate_after 0;
            satisfy all;
            auth_delay 0s;
            auth_basic off;
            auth_request off;
            mirror off;
            mirror_request_body on;
            pass_lone_lf off;
            early_hints 1;
            """ + pass("proxy") + tls("proxy") + """
            proxy_upgrade websocket;
            proxy_http_version 1.1;
            proxy_pass_trailers off;
            proxy_redirect default;
            """ + pass("fastcgi") + """
            fastcgi_keep_conn off;
            grpc_connect_timeout 60s;
            grpc_send_timeout 60s;
            grpc_read_timeout 60s;
            grpc_next_upstream error timeout;
            grpc_next_upstream_tries 0;
            grpc_next_upstream_timeout 0s;
            grpc_intercept_errors off;
            grpc_bind off;
            grpc_socket_keepalive off;
            """ + tls("grpc") + """
            grpc_buffer_size 4k;
            """ + pass("scgi") + pass("uwsgi") + tls("uwsgi") + """
            uwsgi_upgrade websocket;
            uwsgi_modifier1 0;
            uwsgi_modifier2 0;
            resolver_timeout 30s;
            slice 0;
            root html;
            index index.html;
            default_type text/plain;
            sendfile off;
            log_not_found on;
            etag on;
            open_file_cache off;
            open_file_cache_valid 60s;
            open_file_cache_min_uses 1;
            open_file_cache_errors off;
            autoindex off;
            autoindex_format html;
            autoindex_exact_size on;
            autoindex_localtime off;
            disable_symlinks off;
            if_modified_since exact;
            server_tokens on;
            add_header_inherit on;
            expires off;
            userid off;
            userid_name uid;
            userid_domain none;
            userid_path /;
            userid_expires off;
            userid_flags off;
            userid_mark off;
            userid_p3p none;
            gunzip off;
            sub_filter_once on;
            sub_filter_types text/html;
            sub_filter_last_modified off;
            charset off;
            source_charset off;
            override_charset off;
            charset_types text/html text/xml text/plain text/vnd.wap.wml application/javascript application/rss+xml;
            ssi off;
            ssi_silent_errors off;
            ssi_types text/html;
            ssi_value_length 256;
            ssi_last_modified off;
            subrequest_output_buffer_size 4k;
            addition_types text/html;
            gzip off;
            gzip_comp_level 1;
            gzip_min_length 20;
            gzip_types text/html;
            gzip_static off;
            brotli off;
            brotli_comp_level 6;
            brotli_window 512k;
            brotli_min_length 20;
            brotli_types text/html;
            brotli_static off;
            zstd off;
            zstd_comp_level 1;
            zstd_min_length 20;
            zstd_types text/html;
            zstd_static off;
            gzip_http_version 1.1;
            gzip_proxied off;
            gzip_vary off;
            max_ranges 2147483647;
            add_trailer_inherit on;
            recursive_error_pages off;
            access_log /dev/stdout combined;
            open_log_file_cache off;
            log_subrequest off;
            latency_log off;
            error_log stderr error;
            """;

    private static final String EVENTS = """
            worker_connections 512;
            """;

    private static final String UPSTREAM = """
            keepalive_timeout 60s;
            keepalive_requests 1000;
            keepalive_time 1h;
            panic_mode off;
            keepalive 32;
            """;

    private static String tls(String prefix) {
        return """
            *_ssl_certificate_cache max=1000 inactive=60s valid=1s;
            *_ssl_protocols TLSv1.2 TLSv1.3;
            *_ssl_ciphers DEFAULT;
            *_ssl_verify off;
            *_ssl_verify_depth 1;
            *_ssl_server_name off;
            *_ssl_session_reuse on;
            """.replace("*", prefix);
    }

    private static String pass(String prefix) {
        return """
            *_connect_timeout 60s;
            *_send_timeout 60s;
            *_read_timeout 60s;
            *_buffering on;
            *_buffer_size 4k;
            *_buffers 8 4k;
            *_max_temp_file_size 1024m;
            *_temp_path *_temp;
            *_request_buffering on;
            *_pass_request_headers on;
            *_pass_request_body on;
            *_ignore_client_abort off;
            *_next_upstream error timeout;
            *_next_upstream_tries 0;
            *_next_upstream_timeout 0s;
            *_intercept_errors off;
            *_limit_rate 0;
            *_force_ranges off;
            *_store off;
            *_store_access user:rw;
            *_bind off;
            *_socket_keepalive off;
            """.replace("*", prefix);
    }

    @Test
    void defaultsAreAsDocumented() {
        assertEquals(HTTP, defaults(entry -> entry.contexts().contains(Contexts.HTTP)));
        assertEquals(MAIN, defaults(entry -> isOnly(entry, Context.MAIN)));
        assertEquals(EVENTS, defaults(entry -> isOnly(entry, Contexts.EVENTS)));
        assertEquals(UPSTREAM, defaults(entry -> isOnly(entry, Contexts.UPSTREAM)));
        assertEquals(SITE, defaults(entry -> isOnly(entry, Contexts.SERVER)));
    }

    @Test
    void writingADefaultChangesNothing() throws ConfigProblems {
        Config usual = Modules.LANGUAGE.parse("events { } http { upstream a { server b; } server { } }");
        assertEquals(usual, Modules.LANGUAGE.parse(MAIN + "events { " + EVENTS + "} http { " + HTTP + "upstream a { server b; "
                + UPSTREAM + "} server { " + SITE + "} }"));
        assertEquals("events {\n}\nhttp {\n    upstream a {\n        server b:80 weight=1 max_conns=0 max_fails=1 "
                + "fail_timeout=10s;\n    }\n    server {\n    }\n}\n", Modules.LANGUAGE.print(usual));
    }

    private static boolean isOnly(Entry entry, Context context) {
        return entry.contexts().stream().allMatch(context::equals);
    }

    private static String defaults(Predicate<Entry> which) {
        return Modules.catalogue().built().stream()
                .filter(entry -> !entry.standard().isEmpty() && which.test(entry))
                .map(entry -> entry.name() + " " + entry.standard() + ";\n")
                .collect(Collectors.joining());
    }
}

package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Entry;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/// Each directive that is built changes the configuration, and its value survives printing.
class DirectivesTest {
    private static final String MAIN = """
            user www-data;
            user www-data staff;
            worker_processes 4;
            io jdk;
            io carrier;
            worker_shutdown_timeout 30s;
            load_module modules/ngx_http_slice_module.so;
            pid /run/selvage.pid;
            admin [::1]:8081 token=0123456789abcdef;
            error_log /var/log/error.log;
            error_log stderr debug;
            ssl_engine jdk;
            """;

    private static final String EVENTS = "worker_connections 4096;\n";

    private static final String HTTP = """
            http2_recv_buffer_size 100k;
            log_format main '$remote_addr "$request" \\\\ $status';
            log_format main escape=json '{"a":"$remote_addr",' '"b":"$status"}';
            limit_req_zone $binary_remote_addr zone=one:10m rate=30r/m;
            limit_req_zone $uri zone=three:1m rate=2r/h;
            limit_req_zone $uri zone=four:1m rate=9r/d;
            limit_req_zone $uri zone=five:1m rate=9r/s store=redis://a:b@localhost:6379/1?timeout=1s;
            limit_conn_zone $server_name zone=two:1m;
            limit_conn_zone $server_name zone=six:1m store=rediss://localhost;
            map $uri-$arg_x $one { hostnames; volatile; default $uri; .a.example b; ~*^(?<rest>.+)$ $1; \\include c; '' ''; }
            geo $two { default a; 10.0.0.0/8 b; ::1 c; delete 10.0.0.0/8; proxy 127.0.0.1; proxy_recursive; }
            geo $arg_x $three { ranges; 10.0.0.0-10.0.0.9 a; }
            split_clients $uri $four { 0.05% a; 33.3% "b c"; * ''; }
            upstream other { server 127.0.0.1:1; }
            match m { status 200-299 301; header X-A; header ! X-B; header C ~ "d e"; header F != g; body !~ h; require $uri; }
            match m { status ! 500; header A = b; header C !~ d; body ~ e; }
            acme_issuer a { uri https://a/d; state_path /s; contact a@b; contact tel:1; accept_terms_of_service; }
            acme_issuer a { uri https://a/d; state_path off; account_key rsa:4096; challenge tls-alpn; ssl_verify off; }
            acme_issuer a { uri https://a/d; account_key /k; profile p require; preferred_chain c; common_name_in_csr on; }
            acme_issuer a { uri https://a/d; ssl_trusted_certificate /c; external_account_key k data:a; profile p; }
            acme_issuer a { uri https://a/d; } server { listen 81; server_name a; acme_certificate a b.c key=rsa:2048; }
            charset_map koi8-r utf-8 { C1 D0B0; } charset_map a b { 80 81; }
            otel_exporter { endpoint a:4317; interval 1s; batch_size 9; batch_count 9; header a "b c"; header b c; }
            otel_exporter { endpoint https://[::1]:4317; trusted_certificate a; } otel_trace $uri; otel_span_attr a "$uri b";
            otel_exporter { endpoint http://a:4319/v1/traces?b; } otel_trace on;
            otel_service_name a;
            otel_resource_attr a "b c"; otel_resource_attr b c;
            """;

    private static final String SERVER = """
            http2 on;
            http2_max_concurrent_streams 10;
            http2_body_preread_size 1k;
            listen 8080;
            listen [::1]:80 default_server backlog=7 reuseport ipv6only=off so_keepalive=on rcvbuf=8k sndbuf=16k deferred bind;
            listen unix:/run/web.socket;
            listen 127.0.0.1:8000-8003;
            listen 127.0.0.1:8004 proxy_protocol;
            ssl_certificate a; ssl_certificate_key a; listen 127.0.0.1:8005 ssl;
            ssl_certificate a; ssl_certificate_key a; ssl on;
            ssl_certificate a$ssl_server_name; ssl_certificate_key data:$a; ssl_certificate_cache off; set $a b;
            ssl_certificate_cache max=3 inactive=1h valid=1m;
            ssl_certificate_compression on;
            ssl_password_file p;
            ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers HIGH; ssl_prefer_server_ciphers on; ssl_ecdh_curve X25519:prime256v1;
            ssl_conf_command Options -SessionTicket,ServerPreference; ssl_conf_command MinProtocol TLSv1.3;
            ssl_session_cache builtin:100 shared:SSL:10m; ssl_session_tickets off; ssl_session_timeout 1d;
            ssl_session_ticket_key a; ssl_session_ticket_key b;
            ssl_verify_client optional_no_ca; ssl_client_certificate a; ssl_trusted_certificate b; ssl_verify_depth 3; ssl_crl c;
            ssl_stapling on; ssl_stapling_file r; ssl_stapling_responder http://a.example/; ssl_stapling_verify on;
            ssl_buffer_size 4k; ssl_reject_handshake on; ssl_key_log k;
            server_name a.example *.b.example c.* .d.example ~^(?<who_ever>.+)\\.e$ "";
            server_name $hostname;
            client_header_buffer_size 2k;
            large_client_header_buffers 8 16k;
            client_header_timeout 5s;
            ignore_invalid_headers off;
            underscores_in_headers on;
            merge_slashes off;
            max_headers 7;
            location = /a { }
            location ^~ /a/ { location /a/b { internal; } }
            location ~* \\.(gif|png)$ { }
            location @named { }
            """;

    private static final String LOCATION = """
            set $a "b $uri";
            rewrite ^/(?<x>.*)$ /b/$x?c=$1? last;
            rewrite ^ http://a/ permanent; break;
            rewrite (a|b) /$1; rewrite a /b break;
            if ($uri ~* "a b") { return 200; }
            if (!-f $request_filename) { root /b; } set $b 1; if ($b = "") { } if ( $b != c ) { set $b 2; }
            if ($arg_a) { proxy_pass http://a; }
            proxy_pass http://a; if ($arg_a) { break; }
            limit_except GET POST { deny all; }
            proxy_pass http://app; health_check;
            proxy_pass http://app; health_check interval=2s jitter=1s timeout=3s fails=2 passes=3 uri=/h?a=b port=81 type=http;
            proxy_pass http://app; health_check mandatory persistent keepalive_time=1m;
            proxy_pass http://app; health_check type=tcp mandatory;
            uwsgi_pass app; health_check type=uwsgi;
            grpc_pass app; health_check type=grpc;
            grpc_pass app; health_check mandatory keepalive_time=1m type=grpc grpc_service=demo.Greeter grpc_status=12;
            rewrite_log on;
            uninitialized_variable_warn off;
            root /www;
            root /www/$host;
            alias /www/;
            index index.htm /index.php;
            index a.html; index $host.html;
            types { text/css css; image/png png PNG2; }
            types { }
            default_type text/html;
            sendfile on;
            open_file_cache max=100 inactive=5m;
            open_file_cache_valid 5s;
            open_file_cache_min_uses 3;
            open_file_cache_errors on;
            etag off;
            client_body_in_file_only on;
            client_body_in_file_only clean;
            stub_status;
            empty_gif;
            prometheus;
            chunked_transfer_encoding off;
            add_trailer X-A $host; add_trailer X-B b always;
            add_trailer_inherit merge;
            add_header_inherit off;
            server_tokens build;
            server_tokens 'a $host';
            autoindex on;
            autoindex_format jsonp;
            autoindex_exact_size off;
            autoindex_localtime on;
            random_index on;
            disable_symlinks on;
            disable_symlinks if_not_owner from=$document_root/a;
            keepalive_min_timeout 3s;
            sub_filter a b$uri; sub_filter c "";
            sub_filter_once off;
            sub_filter_types text/css; sub_filter_types text/xml *;
            sub_filter_last_modified on;
            charset utf-8;
            charset $arg_c;
            source_charset koi8-r;
            override_charset on;
            charset_types *;
            if_modified_since before;
            max_ranges 0;
            try_files $uri $uri/ /index.html?$args;
            try_files /a =404;
            try_files /a @named;
            return 200 "a body; with { }";
            return 200 "";
            return 404;
            return 301 https://$host$request_uri;
            return https://example.com/;
            internal;
            error_page 500 502 /50x.html;
            error_page 404 = @named;
            recursive_error_pages on;
            error_page 404 =200 https://example.com/;
            log_not_found off;
            client_max_body_size 0;
            client_max_body_size 10G;
            client_body_buffer_size 128k;
            client_body_temp_path /tmp/body 1 2;
            client_body_timeout 5s;
            client_body_min_rate 1k grace=5s;
            client_body_min_rate off;
            send_min_rate 50;
            send_min_rate off;
            send_timeout 1500ms;
            keepalive_timeout 5s 4s;
            keepalive_timeout 0;
            keepalive_requests 5;
            keepalive_time 5m;
            lingering_close always;
            lingering_time 1m;
            lingering_timeout 1s;
            reset_timedout_connection on;
            tcp_nodelay off;
            server_tokens off;
            absolute_redirect off;
            server_name_in_redirect on;
            port_in_redirect off;
            add_header X-A "a b" always;
            add_header X-A a; add_header X-B $host;
            expires epoch;
            expires max;
            expires 1d;
            expires -1;
            expires modified +1h;
            expires @15h30m;
            expires $arg_e;
            error_log /var/log/location.log warn;
            access_log off;
            access_log /var/log/$host.log combined if=$arg_log;
            access_log /var/log/a.log combined buffer=32k flush=5s;
            access_log /a; access_log /b combined;
            access_log /var/log/a.gz combined gzip;
            access_log /var/log/a.gz combined buffer=1m gzip=9 flush=1m if=$host;
            access_log syslog:server=127.0.0.1;
            access_log syslog:server=unix:/dev/log,facility=local0,severity=debug,tag=web_1,nohostname combined if=$host;
            error_log syslog:server=[::1]:5514,facility=auth,tag=web info;
            open_log_file_cache max=1000;
            open_log_file_cache max=10 inactive=20s min_uses=2 valid=1m;
            latency_log /var/log/times.hlog;
            latency_log /a; latency_log /b interval=250ms;
            log_subrequest on;
            auth_request /auth;
            auth_request /auth; auth_request_set $user $upstream_http_x_user;
            modern_browser msie 5.5; modern_browser unlisted;
            ancient_browser Lynx netscape4;
            modern_browser_value yes;
            ancient_browser_value old;
            userid on;
            userid v1;
            userid log;
            userid_name id;
            userid_domain example.com;
            userid_path /shop;
            userid_expires 30d;
            userid_expires max;
            userid_flags secure httponly samesite=lax;
            userid_mark A;
            userid_p3p 'policyref="/p3p.xml"';
            userid_service 127;
            otel_trace off;
            otel_trace_context propagate;
            otel_span_name "$uri a";
            otel_span_attr a b; otel_span_attr b $uri;
            mirror /copy; mirror /other;
            mirror_request_body off;
            slice 1m;
            add_before_body /head; add_after_body /foot;
            addition_types text/css image/png;
            ssi on;
            ssi_silent_errors on;
            ssi_types text/css;
            ssi_types *;
            ssi_value_length 1024;
            ssi_last_modified on;
            subrequest_output_buffer_size 64k;
            allow 10.0.0.0/8; deny all;
            deny 2001:db8::1; allow unix:;
            satisfy any;
            auth_delay 2s;
            auth_basic "a realm of $host";
            auth_basic_user_file /etc/users/$host;
            auth_basic_user_file users;
            set_real_ip_from 10.0.0.0/8; set_real_ip_from ::1; set_real_ip_from unix:; set_real_ip_from proxy.example;
            real_ip_header X-Forwarded-For;
            real_ip_header proxy_protocol;
            real_ip_recursive on;
            limit_req zone=shared burst=5 nodelay;
            limit_req zone=shared burst=20 delay=8;
            limit_req_status 429;
            limit_req_dry_run on;
            limit_req_log_level notice;
            limit_conn shared 5;
            limit_conn_status 429;
            limit_conn_dry_run on;
            limit_conn_log_level info;
            limit_rate 100k;
            limit_rate_after 1m;
            limit_rate $arg_rate;
            limit_rate_after $arg_after;
            valid_referers none blocked server_names *.a.example b.* c.example/path ~\\.d\\.;
            secure_link $arg_md5,$arg_time;
            secure_link_md5 "$uri word";
            secure_link_secret word;
            proxy_pass http://app;
            proxy_pass http://127.0.0.1:8000/path?x;
            proxy_pass http://unix:/run/app.socket:/path/;
            proxy_pass http://unix:/run/app.socket;
            proxy_pass http://[::1]/;
            proxy_pass http://$host:8000$request_uri;
            early_hints $http_sec_fetch_mode $arg_hints;
            gzip on;
            gzip_comp_level 9;
            gzip_min_length 1k;
            gzip_types text/css application/json; gzip_types text/plain;
            gzip_types *;
            gzip_static always;
            gzip_http_version 1.0;
            gzip_proxied expired no-cache no-store private no_last_modified no_etag auth any;
            gzip_disable msie6 ^Old; gzip_disable "b{2}";
            gzip_vary on;
            gunzip on;
            http2_chunk_size 4k;
            brotli on;
            brotli_comp_level 0;
            brotli_window 16m;
            brotli_min_length 0;
            brotli_types text/css;
            brotli_static on;
            zstd on;
            zstd_comp_level 22;
            zstd_min_length 100;
            zstd_types *;
            zstd_static on;
            proxy_http_version 1.0;
            proxy_method POST;
            proxy_set_header Host $host;
            proxy_set_header X-A ""; proxy_set_header X-B "${host}b";
            proxy_set_body "";
            proxy_pass_trailers on;
            proxy_cookie_domain localhost example.org; proxy_cookie_domain ~\\.([a-z]+)$ $1.org;
            proxy_cookie_path /two/ /; proxy_cookie_path ~*^/user/([^/]+) /u/$1;
            proxy_cookie_flags one secure samesite=lax; proxy_cookie_flags ~^a httponly; proxy_cookie_flags $arg_c $arg_f;
            proxy_redirect off;
            proxy_redirect default; proxy_redirect http://a/ /b/; proxy_redirect ~*^http://([^/]+)/ /$1/;
            pass_lone_lf on;
            resolver 127.0.0.53 [::1]:5353 valid=30s ipv6=off;
            resolver 127.0.0.1 ipv4=off;
            resolver_timeout 5s;
            keepalive_disable none;
            keepalive_disable safari;
            keepalive_disable msie6 safari;
            grpc_pass app;
            grpc_pass localhost:9000;
            grpc_pass grpc://localhost:9000;
            grpc_pass GRPC://unix:/run/g.sock;
            grpc_pass $arg_to;
            grpc_set_header Host $host; grpc_set_header X-A "";
            grpc_buffer_size 8k;
            grpc_bind 127.0.0.2;
            grpc_socket_keepalive on;
            grpc_connect_timeout 1s; grpc_send_timeout 2s; grpc_read_timeout 3m;
            grpc_hide_header A; grpc_pass_header Server; grpc_ignore_headers X-Accel-Redirect X-Accel-Charset;
            grpc_intercept_errors on;
            grpc_next_upstream error timeout http_503 non_idempotent; grpc_next_upstream_tries 2; grpc_next_upstream_timeout 5s;
            proxy_http_version 2;
            fastcgi_pass app;
            fastcgi_pass localhost:9000;
            fastcgi_pass unix:$arg_socket;
            fastcgi_param HTTPS $https if_not_empty;
            fastcgi_param A a; fastcgi_param B "";
            fastcgi_keep_conn on;
            fastcgi_catch_stderr "PHP Fatal error"; fastcgi_catch_stderr other;
            fastcgi_index index.php;
            fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
            scgi_pass unix:/run/app.socket;
            scgi_param SCGI 1; scgi_param A $arg_a if_not_empty;
            uwsgi_upgrade websocket x/2;
            proxy_upgrade off;
            uwsgi_pass app;
            uwsgi_pass uwsgi://localhost:3031;
            uwsgi_pass unix:$arg_socket;
            uwsgi_pass suwsgi://localhost:3031;
            uwsgi_pass suwsgi://$arg_app;
            proxy_pass https://app;
            proxy_pass https://127.0.0.1:8443/x;
            proxy_pass https://unix:/run/app.socket:/x;
            proxy_pass https://$arg_app;
            uwsgi_param HTTPS $https if_not_empty;
            uwsgi_param A a; uwsgi_param B "";
            uwsgi_modifier1 9;
            uwsgi_modifier2 3;
            """;

    private static final String PASS = """
            *_connect_timeout 1s;
            *_send_timeout 1s;
            *_read_timeout "1h 30m";
            *_buffering off;
            *_buffer_size 16k;
            *_buffers 4 32k;
            *_max_temp_file_size 0;
            *_temp_path /tmp/pass 1 2;
            *_request_buffering off;
            *_pass_request_headers off;
            *_pass_request_body off;
            *_ignore_client_abort on;
            *_next_upstream error http_502 non_idempotent;
            *_next_upstream off;
            *_next_upstream_tries 3;
            *_next_upstream_timeout 5s;
            *_intercept_errors on;
            *_hide_header X-Powered-By; *_hide_header Via;
            *_pass_header Server;
            *_ignore_headers Set-Cookie X-Accel-Redirect;
            *_bind 127.0.0.2;
            *_bind $arg_b;
            *_socket_keepalive on;
            *_limit_rate 100k;
            *_limit_rate $arg_rate;
            *_force_ranges on;
            *_store on;
            *_store /var/stored$uri;
            *_store_access user:rw group:r all:r;
            """;

    private static final String TLS = """
            *_ssl_certificate a; *_ssl_certificate_key b;
            *_ssl_certificate $arg_a.crt; *_ssl_certificate_key data:$arg_a;
            *_ssl_password_file p;
            *_ssl_certificate_cache off;
            *_ssl_certificate_cache max=3 inactive=1h valid=1m;
            *_ssl_protocols TLSv1.3;
            *_ssl_ciphers HIGH:!aNULL;
            *_ssl_conf_command MinProtocol TLSv1.3; *_ssl_conf_command Options -SessionTicket; *_ssl_key_log k;
            *_ssl_verify on; *_ssl_trusted_certificate a;
            *_ssl_verify_depth 3;
            *_ssl_crl c;
            *_ssl_name $host;
            *_ssl_server_name on;
            *_ssl_session_reuse off;
            """;

    private static final String UPSTREAM = """
            server 10.0.0.1:8000 weight=5 max_fails=0 fail_timeout=1m max_conns=20 down;
            server backup.example backup;
            resolver 127.0.0.1; server dynamic.example resolve;
            resolver 127.0.0.1; server backend.example service=http resolve;
            resolver 127.0.0.1; server backend.example service=_http._tcp weight=3 backup resolve;
            resolver 127.0.0.1;
            resolver_timeout 3s;
            server unix:/run/app.socket;
            least_conn;
            ip_hash;
            hash $request_uri;
            hash $remote_addr consistent;
            random;
            random two;
            random two least_conn;
            random two least_time=header;
            least_time header;
            least_time last_byte inflight;
            hash $arg_a consistent balance_factor=1.25;
            peak_ewma;
            server 10.0.0.4:80 max_conns=4; queue 100;
            server 10.0.0.4:80 max_conns=auto; queue 100 timeout=70ms;
            sticky cookie srv_id expires=1h domain=.example.com path=/ httponly secure samesite=lax;
            sticky route $cookie_route $arg_route;
            sticky learn create=$upstream_cookie_sid lookup=$cookie_sid zone=sessions:1m timeout=5m;
            server 10.0.0.2:80 route=b drain;
            server 10.0.0.3:80 slow_start=30s;
            outlier_detection;
            outlier_detection consecutive_5xx=3 success_rate=90% latency_factor=2.5 interval=5s max_ejection_percent=50;
            panic_mode on;
            keepalive 0;
            keepalive 16 local;
            keepalive_requests 10;
            keepalive_time 5m;
            keepalive_timeout 5s;
            """;

    static Stream<String> main() {
        return MAIN.lines();
    }

    static Stream<String> events() {
        return EVENTS.lines();
    }

    static Stream<String> http() {
        return HTTP.lines();
    }

    static Stream<String> server() {
        return SERVER.lines();
    }

    static Stream<String> location() {
        return Stream.of(Stream.of(LOCATION), Stream.of("proxy", "fastcgi", "scgi", "uwsgi")
                .map(prefix -> PASS.replace("*", prefix)),
                        Stream.of("proxy", "grpc", "uwsgi").map(prefix -> TLS.replace("*", prefix)))
                .flatMap(each -> each).flatMap(String::lines);
    }

    static Stream<String> upstream() {
        return UPSTREAM.lines();
    }

    @ParameterizedTest
    @MethodSource
    void main(String lines) throws ConfigProblems {
        changes(lines, "", "", "", "", "");
    }

    @ParameterizedTest
    @MethodSource
    void events(String lines) throws ConfigProblems {
        changes("", lines, "", "", "", "");
    }

    @ParameterizedTest
    @MethodSource
    void http(String lines) throws ConfigProblems {
        changes("", "", lines, "", "", "");
    }

    @ParameterizedTest
    @MethodSource
    void server(String lines) throws ConfigProblems {
        changes("", "", "", lines, "", "");
    }

    @ParameterizedTest
    @MethodSource
    void location(String lines) throws ConfigProblems {
        changes("", "", "", "", lines, "");
    }

    @ParameterizedTest
    @MethodSource
    void upstream(String lines) throws ConfigProblems {
        changes("", "", "", "", "", lines);
    }

    @Test
    void everyBuiltDirectiveIsTested() {
        Set<String> tried = Stream.of(main(), events(), http(), server(), location(), upstream())
                .flatMap(lines -> lines)
                .flatMap(lines -> Arrays.stream(lines.split("[;{] ")))
                .map(line -> line.split("[ ;]")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> built = Modules.catalogue().built().stream()
                .map(Entry::name)
                .collect(Collectors.toCollection(TreeSet::new));
        built.removeAll(tried);
        assertEquals(Set.of("include", "events", "http"), built);
    }

    private static void changes(String main, String events, String http, String server, String location, String upstream)
            throws ConfigProblems {
        Config changed = config(main, events, http, server, location, upstream);
        assertNotEquals(config("", "", "", "", "", ""), changed);
        assertEquals(changed, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(changed)), () -> Modules.LANGUAGE.print(changed));
    }

    private static Config config(String main, String events, String http, String server, String location, String upstream)
            throws ConfigProblems {
        return Modules.LANGUAGE.parse("""
                %s
                events { %s }
                http {
                    limit_req_zone $remote_addr zone=shared:1m rate=1r/s;
                    limit_conn_zone $remote_addr zone=shared:1m;
                    %s
                    upstream app { server 10.0.0.9; %s }
                    server { %s location /here/ { %s } }
                }
                """.formatted(main, events, http, upstream, server, location));
    }
}

package io.selvage.server.effects;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a test that shows what a directive changes in a running server: on the wire, at a peer, in a log, in a file or in the
/// process. A name with different meanings in different blocks is followed by its block: `server in upstream`.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Effect {
    /// The directives; `*_` stands for `proxy_`, `fastcgi_`, `scgi_` and `uwsgi_`.
    String[] value();
}

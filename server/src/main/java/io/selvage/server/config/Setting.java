package io.selvage.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Ties a component of a record to the directive that sets it, and says what holds when nobody does.
///
/// The default is written in the configuration language itself and stands nowhere else: `@Setting("proxy_buffer_size 8k")`.
/// A directive without arguments here has nothing as its default: an empty list or an empty text.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /// The directive with its default arguments. A `*` at the beginning of the name stands for the [Prefix] of the record.
    String value();

    /// A second directive of the same meaning: `deny` beside `allow`, `alias` beside `root`.
    String or() default "";

    /// The bounds of a number, both included.
    int least() default 0;

    int most() default Integer.MAX_VALUE;

    /// On a component that is a record of settings itself: what the `*` of its directives stands for.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Prefix {
        String value();
    }
}

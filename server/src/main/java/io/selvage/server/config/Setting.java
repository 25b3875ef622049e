package io.selvage.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Ties a component of a record to the directive that sets it, and declares the directive: what holds when it is not written,
/// where it is allowed, and its text in the reference. The type of the component determines the arguments.
///
/// The default is written in the configuration language itself and nowhere else: `@Setting("proxy_buffer_size 8k")`.
/// A directive without arguments here has nothing as its default: an empty list, an empty text or `false`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /// The directive with its default arguments. A `*` at the beginning of a word stands for the [Prefix] of the record.
    String value();

    /// One line for the reference.
    String doc();

    /// What nginx does otherwise, for the reference.
    String differs() default "";

    /// The first version of the product that has the directive.
    String since() default Entry.About.FIRST;

    /// The names of the contexts, separated by spaces, when they are not those of the whole record.
    String in() default "";

    /// The names of contexts beside those.
    String also() default "";

    /// How many arguments there are if the type does not determine it: `2`, `1-4`, or `1+` for one or more.
    String arguments() default "";

    /// Whether the directive holds for the blocks inside, too.
    boolean inherited() default true;

    /// Whether a directive that is not inherited holds for the blocks that are parts of its block, too ([Directives#part]).
    boolean inParts() default false;

    /// Other directives of the same meaning: `deny` beside `allow`.
    Or[] or() default {};

    /// The bounds of a number, both included.
    int least() default 0;

    int most() default Integer.MAX_VALUE;

    /// The constants of an enumeration that may be written, separated by spaces; empty for all of them.
    String choices() default "";

    /// Another directive that sets the same component. It has no default.
    @Retention(RetentionPolicy.RUNTIME)
    @Target({})
    @interface Or {
        String value();

        String doc();

        String differs() default "";

        String in() default "";

        String also() default "";

        String arguments() default "";

        /// Whether it opens a block with directives inside.
        boolean block() default false;
    }

    /// On a component that is a record of settings itself: what the `*` of its directives stands for.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Prefix {
        String value();
    }
}

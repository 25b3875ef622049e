package io.selvage.server.config;

import java.util.Set;

/// One directive in the contexts where it means one thing. Another meaning elsewhere is another entry of the same name.
///
/// @param contexts where it is allowed, in the order in which messages list them
/// @param standard the arguments that hold when it is not written; empty for none
/// @param about what it is for
/// @param usage what a directive without effect takes; anything for others
/// @param defines which of its arguments names a variable that it defines; only of directives that are refused
public record Entry(String name, State state, Set<Context> contexts, Shape shape, String standard, About about, Usage usage,
        Defines defines) {
    /// A directive that has an effect.
    static Entry built(String name, Set<Context> contexts, Shape shape, String standard, About about) {
        return new Entry(name, State.BUILT, contexts, shape, standard, about, Usage.ANY, Defines.NOTHING);
    }

    /// What the server does with a directive.
    public enum State {
        /// It has an effect.
        BUILT,
        /// It is accepted and has no effect, since it cannot mean anything here.
        MEANINGLESS,
        /// It is a directive of nginx that is refused.
        KNOWN
    }

    /// The argument of a directive that names a variable which the directive defines.
    public enum Defines { NOTHING, FIRST, LAST }

    /// The text about a directive in the reference.
    ///
    /// @param effect in one line; for a meaningless directive, why it is; for a refused one, what to do instead, or nothing
    /// @param differs in what way nginx does something else; empty for none
    /// @param since the first version of the product that has it
    public record About(String effect, String differs, String since) {
        /// The first version that was released.
        public static final String FIRST = "0.1.0";

        /// The text about a directive of the first version that does what nginx does.
        public static About of(String effect) {
            return new About(effect, "", FIRST);
        }
    }
}

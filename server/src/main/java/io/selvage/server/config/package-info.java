/// # The configuration language
///
/// The nginx language, read into one immutable [Config]: records that read like the manual, with every default beside
/// its directive. Nothing here opens a socket, resolves a name or knows who answers a request; files are read in
/// [Sources] and nowhere else.
///
/// Read [Configs], then [Lexer], [Parser] and [Catalogue] for the language, [Scope] and [Settings] for what is inherited
/// from where, [Translator] for the way from directives to [Config], and [Printer] for the way back.
@NullMarked
package io.selvage.server.config;

import org.jspecify.annotations.NullMarked;

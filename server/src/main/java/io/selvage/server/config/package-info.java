/// # The configuration language
///
/// The nginx language, which knows no directive: features declare them with [Directives]. What a file says is read into one
/// immutable [Config]: blocks with the records that the features ask for, every default filled in. Nothing here opens a socket,
/// resolves a name or knows who answers a request; files are read in [Sources] and nowhere else.
///
/// Read [Language], then [Lexer], [Parser] and [Checker] for what is written, [Setting], [Scope] and [Settings] for what it means
/// and what is inherited from where, and [Printer] for the way back.
@NullMarked
package io.selvage.server.config;

import org.jspecify.annotations.NullMarked;

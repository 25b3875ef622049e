/// # The configuration language
///
/// The nginx language without any directive: features declare them with [Directives]. A file is read into one
/// immutable [Config]: blocks with the records that the features declare, every default filled in. Nothing here opens a socket,
/// resolves a name or depends on the handlers of requests; files are read in [Sources] only, and a [Machine] answers what the
/// configuration needs of the machine.
///
/// A configuration is bytes, as in nginx: each `char` of a [Word] is one byte, and so is each `char` of what modules make of it.
/// [Problems] decodes words as UTF-8 for messages; [Argument#path] turns them into file names.
///
/// Read [Language], then [Lexer], [Parser] and [Checker] for what is written, [Setting], [Scope] and [Settings] for what it means
/// and what is inherited from where, and [Printer] for the way back.
@NullMarked
package io.selvage.server.config;

import org.jspecify.annotations.NullMarked;

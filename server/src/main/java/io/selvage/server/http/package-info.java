/// # The vocabulary of HTTP, without I/O
///
/// Requests, answers and what lies between, as values. Nothing here opens a socket, knows a wire format
/// or reads a configuration.
///
/// Read [Exchange], [Handler] and [Answer] first: everything the server does is a handler that turns an exchange into an
/// answer. [ExchangeRunner] runs an exchange from its head to its end, for every protocol.
@NullMarked
package io.selvage.server.http;

import org.jspecify.annotations.NullMarked;

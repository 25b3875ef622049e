/// # Server-side includes
///
/// Pages with commands in comments, `<!--# echo var="name" -->`, in the language of nginx (`ssi`).
///
/// Read [SsiScanner], which finds the commands without I/O, then [SsiSource], which runs them while the page is sent.
@NullMarked
package io.selvage.server.ssi;

import org.jspecify.annotations.NullMarked;

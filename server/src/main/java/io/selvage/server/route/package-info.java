/// # Which handler answers
///
/// From the host to the site, through rewrites, from the path to the location, through the filters before its handler, and back
/// through error pages and response filters. Nothing here reads a configuration or opens a socket.
///
/// Read [RequestRouter] first: one method shows everything that happens to a request. Then the data that it follows, [Site] and
/// [Location]; `ExplainingRouter` says why a request goes its way. Then what those are made of: [Rewrite], [RequestFilter],
/// [ResponseFilter] and [ResponsePolicy].
@NullMarked
package io.selvage.server.route;

import org.jspecify.annotations.NullMarked;

/// # Which handler answers
///
/// From the host to the site, from the path to the location, through the filters before its handler, and back through
/// error pages and added fields. Nothing here reads a configuration or opens a socket.
///
/// Read [Sites], [Site], [LocationTree] and [ResponsePolicy]: the way of an exchange in and out. [RequestFilter] is what may
/// stand before a location's handler; [VariableTable] is what configuration may name with a dollar sign.
@NullMarked
package io.selvage.server.route;

import org.jspecify.annotations.NullMarked;

/// # The features of the server
///
/// One [Module] for each: the directives that it declares with their settings, and what it adds to a location. [Modules] lists
/// them; to add a feature is to write a class and to name it there. A module turns settings into objects of `http`, `files`,
/// `proxy` and `route`, which do the work and know nothing of a configuration.
///
/// Read [Module], [Modules] and [LimitModule], then [LocationBuilder].
@NullMarked
package io.selvage.server.module;

import org.jspecify.annotations.NullMarked;

/// # The features of the server
///
/// Each feature is one [Module]: its directives with their settings, and what it adds to a location. To add a feature, write a
/// class and list it in [Modules]. A module turns settings into objects of `http`, `files`, `proxy` and `route`, which do the
/// work and do not depend on the configuration.
///
/// Read [Module], [Modules] and [LimitModule], then [LocationBuilder].
@NullMarked
package io.selvage.server.module;

import org.jspecify.annotations.NullMarked;

/// # Input from users
///
/// Parses durations and YAML files, and reports a mistake as one line with its position. Nothing here knows what a request is.
///
/// Read [UserError], then [YamlFile] and [YamlMapping].
@NullMarked
package io.selvage.perf.input;

import org.jspecify.annotations.NullMarked;

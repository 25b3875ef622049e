/// # What people write
///
/// Durations, sizes and YAML files become values, and a mistake becomes one line that says where it is. Nothing here
/// knows what a request is.
///
/// Read [Complaint], then [YamlFile] and [YamlMapping].
@NullMarked
package io.selvage.perf.input;

import org.jspecify.annotations.NullMarked;

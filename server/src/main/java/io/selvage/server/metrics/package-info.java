/// The metrics of the process in the formats of Prometheus. The only package that uses the Prometheus client library.
@NullMarked
package io.selvage.server.metrics;

import org.jspecify.annotations.NullMarked;

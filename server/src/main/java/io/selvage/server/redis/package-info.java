/// Counters of limits in a Redis server, which several servers share.
@NullMarked
package io.selvage.server.redis;

import org.jspecify.annotations.NullMarked;

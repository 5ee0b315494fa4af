/// Serves environments to other processes over one port: what each of its packages shares, limits and memory.
@NullMarked
package io.hypertoken.server;

import org.jspecify.annotations.NullMarked;

/// Serves environments to other processes over one port.
@NullMarked
package io.hypertoken.server;

import org.jspecify.annotations.NullMarked;

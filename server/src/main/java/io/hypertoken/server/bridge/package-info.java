/// Speaks the bridge protocol: JSON commands and binary batches over a session.
@NullMarked
package io.hypertoken.server.bridge;

import org.jspecify.annotations.NullMarked;

/// Rows that pages play: resolves `browser:` ids, and steps what a relay's pages host as environments.
@NullMarked
package io.hypertoken.server.relay.rows;

import org.jspecify.annotations.NullMarked;

/// The `hypertoken` command: the only room that knows every other.
@NullMarked
package io.hypertoken.app;

import org.jspecify.annotations.NullMarked;

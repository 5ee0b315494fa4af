/// Runs the engine inside another process, which calls it through C functions and owns the memory of its columns.
@NullMarked
package io.hypertoken.embed;

import org.jspecify.annotations.NullMarked;

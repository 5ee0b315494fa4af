/// The arithmetic of networks on arrays of floats: the same bits whatever runs it, and however many threads.
@NullMarked
package io.hypertoken.learn.kernel;

import org.jspecify.annotations.NullMarked;

/// Named arrays of numbers, and the files that keep them.
@NullMarked
package io.hypertoken.learn.store;

import org.jspecify.annotations.NullMarked;

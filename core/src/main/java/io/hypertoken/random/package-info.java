/// Draws numpy's random numbers, bit for bit: `default_rng(seed)` in Java.
@NullMarked
package io.hypertoken.random;

import org.jspecify.annotations.NullMarked;

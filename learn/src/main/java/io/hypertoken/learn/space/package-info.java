/// Carries what a vector's columns hold to the numbers that networks see, and their choices back.
@NullMarked
package io.hypertoken.learn.space;

import org.jspecify.annotations.NullMarked;

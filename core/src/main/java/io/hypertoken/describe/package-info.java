/// What an environment is, in the words and plain values that every host and client is told.
@NullMarked
package io.hypertoken.describe;

import org.jspecify.annotations.NullMarked;

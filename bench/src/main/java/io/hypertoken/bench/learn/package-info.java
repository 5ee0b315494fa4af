/// Trains as `hypertoken train` does, for the measurements beside other trainers.
@NullMarked
package io.hypertoken.bench.learn;

import org.jspecify.annotations.NullMarked;

/// Steps many copies of one environment at once: seeds, autoreset, limits, masks, turns and threads.
@NullMarked
package io.hypertoken.engine;

import org.jspecify.annotations.NullMarked;

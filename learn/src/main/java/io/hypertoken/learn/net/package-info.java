/// Networks that see and act: layers, the distributions that actions are drawn from, and the optimiser.
@NullMarked
package io.hypertoken.learn.net;

import org.jspecify.annotations.NullMarked;

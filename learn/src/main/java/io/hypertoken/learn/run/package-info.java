/// A training from its first step to its last: the folder it leaves, what it tells on the way, and going on later.
@NullMarked
package io.hypertoken.learn.run;

import org.jspecify.annotations.NullMarked;

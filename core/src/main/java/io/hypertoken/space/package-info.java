/// What observations and actions may be: Gymnasium's fundamental spaces, and the flat leaves they travel as.
@NullMarked
package io.hypertoken.space;

import org.jspecify.annotations.NullMarked;

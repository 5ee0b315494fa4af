/// What guests of every kind share: environments whose rules run elsewhere.
@NullMarked
package io.hypertoken.guests;

import org.jspecify.annotations.NullMarked;

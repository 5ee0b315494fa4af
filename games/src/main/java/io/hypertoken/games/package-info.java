/// The environments we ship, one package each.
@NullMarked
package io.hypertoken.games;

import org.jspecify.annotations.NullMarked;

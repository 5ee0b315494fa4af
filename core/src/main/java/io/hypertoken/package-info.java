/// What every room speaks: the one exception and its codes.
@NullMarked
package io.hypertoken;

import org.jspecify.annotations.NullMarked;

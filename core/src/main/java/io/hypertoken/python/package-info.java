/// Programs in Python that Java carries and runs: which Python it is, and how they get there.
@NullMarked
package io.hypertoken.python;

import org.jspecify.annotations.NullMarked;

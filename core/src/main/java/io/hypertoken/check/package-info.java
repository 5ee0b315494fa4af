/// Tools to prove an environment with: a player for its tests, and the conformance kit for anyone's environment.
@NullMarked
package io.hypertoken.check;

import org.jspecify.annotations.NullMarked;

/// What `eval` and `tournament` have in common: who plays, how far it is, and what is told of it.
@NullMarked
package io.hypertoken.app.matches;

import org.jspecify.annotations.NullMarked;

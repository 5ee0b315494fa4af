/// Draws plain shapes and digits into pixels, alike on every machine, without fonts or a screen.
@NullMarked
package io.hypertoken.games.picture;

import org.jspecify.annotations.NullMarked;

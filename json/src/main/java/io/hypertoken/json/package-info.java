/// Reads and writes the JSON of every protocol, within bounds, whatever comes in or is told.
@NullMarked
package io.hypertoken.json;

import org.jspecify.annotations.NullMarked;

/// The Grand Exchange's prices API: reads its saved answers into recordings, writes recordings in its forms, and
/// records
/// what it says now.
@NullMarked
package io.hypertoken.app.exchange;

import org.jspecify.annotations.NullMarked;

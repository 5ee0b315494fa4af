/// The one record of what happened in a row: digests, episode files, replays and playthroughs.
@NullMarked
package io.hypertoken.record;

import org.jspecify.annotations.NullMarked;

/// Policies as files and as players: what a training leaves, and how it plays.
@NullMarked
package io.hypertoken.learn.policy;

import org.jspecify.annotations.NullMarked;

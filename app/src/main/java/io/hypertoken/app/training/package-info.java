/// What the command line adds to a training: where runs lie, what the terminal and the hub are told, and scores.
@NullMarked
package io.hypertoken.app.training;

import org.jspecify.annotations.NullMarked;

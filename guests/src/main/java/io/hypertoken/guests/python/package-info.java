/// Environments of Gymnasium and PettingZoo, each group of rows played by Python processes.
@NullMarked
package io.hypertoken.guests.python;

import org.jspecify.annotations.NullMarked;

/// The contract of an environment: what it declares, how it acts, what it shows, and where it is found.
@NullMarked
package io.hypertoken.env;

import org.jspecify.annotations.NullMarked;

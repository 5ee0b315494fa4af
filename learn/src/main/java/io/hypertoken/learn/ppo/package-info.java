/// Proximal policy optimisation: from what was played to a better policy.
@NullMarked
package io.hypertoken.learn.ppo;

import org.jspecify.annotations.NullMarked;

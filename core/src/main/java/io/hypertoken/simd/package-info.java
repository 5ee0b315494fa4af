/// Java's Vector API for kernels that work on many rows an instruction.
@NullMarked
package io.hypertoken.simd;

import org.jspecify.annotations.NullMarked;

/// Environments whose rules are a WebAssembly module, in a sandbox of this process.
@NullMarked
package io.hypertoken.guests.wasm;

import org.jspecify.annotations.NullMarked;

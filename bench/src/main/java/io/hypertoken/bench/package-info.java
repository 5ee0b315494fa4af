/// Measures the engine's steps, and answers WebSockets as fast as Netty can for the bridge to be compared with.
@NullMarked
package io.hypertoken.bench;

import org.jspecify.annotations.NullMarked;

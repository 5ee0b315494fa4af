/// Keeps opened vectors: whose they are, how long they wait, which request comes next, and on which thread it runs.
@NullMarked
package io.hypertoken.server.session;

import org.jspecify.annotations.NullMarked;

/// Serves the dashboard: the files of its page, and what that asks of the process behind it.
@NullMarked
package io.hypertoken.server.web;

import org.jspecify.annotations.NullMarked;

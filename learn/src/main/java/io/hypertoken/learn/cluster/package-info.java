/// Matches that are played in the processes of a Ray cluster, by our package in a Python.
@NullMarked
package io.hypertoken.learn.cluster;

import org.jspecify.annotations.NullMarked;

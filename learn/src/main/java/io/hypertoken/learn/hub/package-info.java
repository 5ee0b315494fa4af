/// Policies on the Hugging Face Hub: pushed with a model card, pulled into a folder.
@NullMarked
package io.hypertoken.learn.hub;

import org.jspecify.annotations.NullMarked;

package io.hypertoken.env;

import java.util.Collection;

/// Finds environments whose ids begin with a prefix, such as `gym:`, and whose rules are declared elsewhere.
///
/// Named in `META-INF/services/io.hypertoken.env.SpecResolver`. Safe for any thread.
public interface SpecResolver {
    /// The word before the colon, in lower case.
    String prefix();

    /// The environment of this name, which is all that follows the colon.
    ///
    /// @throws io.hypertoken.HyperTokenException `unknown_environment` with what to do
    Spec resolve(String name);

    /// Names that would resolve, as far as they are known, for completion and for hints.
    Collection<String> known();
}

package io.hypertoken.env;

/// Finds policies whose names begin with a prefix, such as `policy:`, and that no environment declares.
///
/// Named in `META-INF/services/io.hypertoken.env.PolicyResolver`. Safe for any thread; costs nothing until its prefix
/// is
/// asked for.
public interface PolicyResolver {
    /// The word before the colon, in lower case.
    String prefix();

    /// A new policy of this name, which is all that follows the colon.
    ///
    /// @param spec the environment that it is to play in
    /// @param opened its construction options
    /// @throws io.hypertoken.HyperTokenException `bad_field` if it cannot play there, `unavailable` if it cannot be
    /// read
    Policy resolve(Spec spec, Options opened, String name);
}

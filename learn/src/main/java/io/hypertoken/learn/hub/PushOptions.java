package io.hypertoken.learn.hub;

import org.jspecify.annotations.Nullable;

/// How a policy is pushed.
///
/// @param privately whether a repository that is made for it is private; otherwise as the account has it
/// @param revision the branch that is committed to, made if it is not there; null for main
/// @param createPullRequest whether a pull request is opened instead
/// @param message the commit's first line; null for one that names the environment
public record PushOptions(
        boolean privately,
        @Nullable String revision,
        boolean createPullRequest,
        @Nullable String message) {
    /// Onto main, in a repository such as the account makes.
    public static final PushOptions DEFAULT = new PushOptions(false, null, false, null);

    /// The same, into a private repository if it is made.
    public PushOptions asPrivate() {
        return new PushOptions(true, revision, createPullRequest, message);
    }

    /// The same, onto a branch.
    public PushOptions onto(@Nullable String branch) {
        return new PushOptions(privately, branch, createPullRequest, message);
    }

    /// The same, as a pull request.
    public PushOptions asPullRequest() {
        return new PushOptions(privately, revision, true, message);
    }

    /// The same, with a message.
    public PushOptions saying(@Nullable String firstLine) {
        return new PushOptions(privately, revision, createPullRequest, firstLine);
    }
}

package io.hypertoken.learn.hub;

import org.jspecify.annotations.Nullable;

/// Where a file goes, and who may put it there.
///
/// @param repoId `user/name`
/// @param token who writes; null for `HF_TOKEN`, or the login of `hf auth login`. It is never shown.
public record HubConfig(String repoId, @Nullable String token) {
    @Override
    public String toString() {
        return "HubConfig[repoId=" + repoId + "]";
    }
}

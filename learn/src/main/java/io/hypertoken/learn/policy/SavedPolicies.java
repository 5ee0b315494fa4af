package io.hypertoken.learn.policy;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.PolicyResolver;
import io.hypertoken.env.Spec;
import java.nio.file.Path;

/// Finds `policy:DIR`, a policy in a folder, wherever a policy is named; it plays its likeliest actions.
public final class SavedPolicies implements PolicyResolver {
    /// What names of policies in folders begin with.
    public static final String PREFIX = "policy";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Policy resolve(Spec spec, Options opened, String name) {
        return PolicyFolder.read(Path.of(name), spec, opened, 0, null);
    }
}

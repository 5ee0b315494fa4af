package io.hypertoken.learn.policy;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.PolicyResolver;
import io.hypertoken.env.Spec;

/// Finds `policy:DIR`, a policy in a folder, and `policy:FILE.onnx`, wherever a policy is named; it plays its likeliest
/// actions.
public final class SavedPolicies implements PolicyResolver {
    /// What names of policies in folders begin with.
    public static final String PREFIX = "policy";
    /// What names of graphs end with.
    public static final String GRAPH = ".onnx";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public Policy resolve(Spec spec, Options opened, String name) {
        return SavedPolicy.open(name, spec, opened);
    }
}

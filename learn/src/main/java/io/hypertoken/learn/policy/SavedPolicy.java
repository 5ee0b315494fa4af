package io.hypertoken.learn.policy;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.onnx.OnnxPolicy;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// Whatever may lie where a policy is said to be: a folder of one policy, a folder with one for each agent, or an ONNX
/// file.
///
/// A network that our own kernels know is run by them; any other graph by ONNX Runtime.
final class SavedPolicy {
    private SavedPolicy() {}

    static Policy open(String name, Spec spec, Options options) {
        Path path = path(name);
        Signature signature = spec.signature(options);
        if (!Files.isDirectory(path)) {
            if (!name.endsWith(SavedPolicies.GRAPH)) {
                throw new HyperTokenException(
                        UNAVAILABLE,
                        "cannot read policy " + path,
                        Files.exists(path) ? "it is neither a folder nor an ONNX file" : "it is not there",
                        "name the folder of a policy, such as runs/cartpole-v1/20260101-120000-s1/policy");
            }
            return graph(path, signature, 0);
        }
        boolean said = Files.exists(path.resolve(PolicyFolder.JSON));
        if (!said && Files.exists(path.resolve(PolicyFolder.GRAPH))) {
            return graph(path.resolve(PolicyFolder.GRAPH), signature, 0);
        }
        List<Path> folders = signature.agents().stream().map(path::resolve).toList();
        if (!said && folders.stream().allMatch(folder -> Files.exists(folder.resolve(PolicyFolder.JSON)))) {
            Policy[] each = new Policy[folders.size()];
            for (int agent = 0; agent < each.length; agent++) {
                each[agent] = folder(folders.get(agent), spec, options, signature, agent);
            }
            return seat -> each[seat.agent()].act(seat);
        }
        return folder(path, spec, options, signature, PolicyFolder.agent(path, signature));
    }

    private static Policy folder(Path path, Spec spec, Options options, Signature signature, int agent) {
        if (PolicyFolder.isMlp(path)) {
            return PolicyFolder.read(path, spec, options, agent, null);
        }
        PolicyFolder.requireSameSpaces(path, spec, options, agent);
        return graph(path.resolve(PolicyFolder.GRAPH), signature, agent);
    }

    private static Policy graph(Path file, Signature signature, int agent) {
        return OnnxPolicy.open(
                file,
                signature.observationSpaces().get(agent),
                signature.actionSpaces().get(agent));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused policy " + Shown.shortened(name, 60),
                    "it is no path: " + e.getReason(),
                    "name the folder of a policy",
                    e);
        }
    }
}

package io.hypertoken.learn.policy;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.describe.SpaceValues;
import io.hypertoken.env.Options;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.net.Activation;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Layer;
import io.hypertoken.learn.onnx.PolicyGraph;
import io.hypertoken.learn.ppo.Learner;
import io.hypertoken.learn.ppo.PpoSettings;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.learn.store.JsonFile;
import io.hypertoken.learn.store.Safetensors;
import io.hypertoken.learn.store.SavedFile;
import io.hypertoken.learn.store.Tensor;
import io.hypertoken.learn.store.Tensors;
import io.hypertoken.random.Generator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A policy in a folder: what it is in `policy.json`, its numbers in `policy.safetensors`, and what it computes in
/// `policy.onnx`.
///
/// Tensors are named and shaped as PyTorch has them: `actor.0.weight` is `[outputs, inputs]`, `actor.0.bias`;
/// `critic.…`
/// is not there where the actor's last output is the value; `log_std` for continuous actions; `observation.mean` and
/// `observation.variance` where observations are normalised.
public final class PolicyFolder {
    static final String JSON = "policy.json";
    private static final String TENSORS = "policy.safetensors";
    private static final String MLP = "mlp";
    static final String GRAPH = "policy.onnx";

    private PolicyFolder() {}

    /// Writes what a training has learned.
    ///
    /// @param agents the seats that it learned to play
    /// @param more further facts for `policy.json`: digest, scores, how it was trained
    public static void write(
            Path folder,
            Spec spec,
            Options options,
            List<Integer> agents,
            PpoSettings settings,
            Learner learner,
            Map<String, ?> more) {
        Signature signature = spec.signature(options);
        int agent = agents.getFirst();
        var environment = new LinkedHashMap<String, Object>();
        environment.put("id", spec.id());
        environment.put("version", spec.version());
        environment.put("options", options.values());
        var network = new LinkedHashMap<String, Object>();
        network.put("kind", MLP);
        network.put("hidden", Arrays.stream(settings.hidden()).boxed().toList());
        network.put("activation", settings.activation().word());
        network.put("shared_trunk", settings.sharesTrunk());
        network.put("features", learner.features().size());
        network.put("outputs", learner.network().head().outputs());
        network.put("masked", learner.network().head().flags() > 0);
        network.put("squash", settings.squashes());
        network.put("normalizes_observations", settings.normalizesObservations());
        byte[] graph = PolicyGraph.of(
                signature.observationSpaces().get(agent),
                signature.actionSpaces().get(agent),
                learner.network(),
                learner.parameters(),
                learner.seen(),
                settings.squashes());
        var json = new LinkedHashMap<String, Object>();
        json.put("format", 1);
        json.put("environment", environment);
        json.put("agents", agents.stream().map(signature.agents()::get).toList());
        json.put(
                "observation_space",
                SpaceValues.of(signature.observationSpaces().get(agent)));
        json.put("action_space", SpaceValues.of(signature.actionSpaces().get(agent)));
        json.put("network", network);
        json.putAll(more);
        Safetensors.write(folder.resolve(TENSORS), tensors(learner, settings));
        SavedFile.write(folder.resolve(GRAPH), graph);
        JsonFile.write(folder.resolve(JSON), json);
    }

    private static Tensors tensors(Learner learner, PpoSettings settings) {
        var tensors = new Tensors();
        ActorCritic network = learner.network();
        float[] parameters = learner.parameters();
        for (Layer layer : network.layers()) {
            String name = name(network, layer);
            float[] weights = new float[layer.outputs() * layer.inputs()];
            float[] biases = new float[layer.outputs()];
            for (int output = 0; output < layer.outputs(); output++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    weights[output * layer.inputs() + input] = parameters[layer.weight(input, output)];
                }
                biases[output] = parameters[layer.weight(layer.inputs(), output)];
            }
            tensors.put(name + ".weight", Tensor.of(weights, layer.outputs(), layer.inputs()));
            tensors.put(name + ".bias", Tensor.of(biases));
        }
        if (network.head().parameters() > 0) {
            tensors.put("log_std", Tensor.of(Arrays.copyOfRange(parameters, network.furtherAt(), parameters.length)));
        }
        if (settings.normalizesObservations()) {
            tensors.put("observation.mean", Tensor.of(learner.seen().mean()));
            tensors.put("observation.variance", Tensor.of(learner.seen().variance()));
        }
        return tensors;
    }

    private static String name(ActorCritic network, Layer layer) {
        int at = network.actor().layers().indexOf(layer);
        return at >= 0
                ? "actor." + at
                : "critic."
                        + (network.layers().indexOf(layer)
                                - network.actor().layers().size());
    }

    /// Reads a policy, to play in an environment.
    ///
    /// @param random draws actions; null for the likeliest ones
    /// @throws HyperTokenException `unavailable` if it cannot be read, `bad_field` if it was trained for other spaces
    public static MlpPolicy read(Path folder, Spec spec, Options options, int agent, @Nullable Generator random) {
        Map<String, @Nullable Object> json = JsonFile.read(folder.resolve(JSON));
        Signature signature = spec.signature(options);
        requireSameSpaces(folder, json, spec, signature, agent);
        Map<?, ?> shape = object(json, "network", folder);
        boolean normalizes = Boolean.TRUE.equals(shape.get("normalizes_observations"));
        var features = new Features(signature.observationSpaces().get(agent));
        var network = new ActorCritic(
                features.size(),
                hidden(shape, folder),
                Activation.of(String.valueOf(shape.get("activation"))),
                Boolean.TRUE.equals(shape.get("shared_trunk")),
                Bounds.head(signature.actionSpaces().get(agent), Boolean.TRUE.equals(shape.get("masked"))));
        Tensors tensors = Safetensors.read(folder.resolve(TENSORS));
        float[] parameters = parameters(network, tensors);
        for (float parameter : parameters) {
            if (!Float.isFinite(parameter)) {
                throw malformed(folder, "a weight of it is not a finite number");
            }
        }
        return new MlpPolicy(
                signature.observationSpaces().get(agent),
                signature.actionSpaces().get(agent),
                network,
                parameters,
                moments(folder, features, normalizes, tensors),
                Boolean.TRUE.equals(shape.get("squash")),
                random);
    }

    /// Whether a folder holds a network that [#read] knows.
    ///
    /// @throws HyperTokenException `unavailable` if it cannot be read
    static boolean isMlp(Path folder) {
        Map<String, @Nullable Object> json = JsonFile.read(folder.resolve(JSON));
        return object(json, "network", folder).get("kind") instanceof String kind
                && kind.equals(MLP)
                && Files.exists(folder.resolve(TENSORS));
    }

    /// The first agent of a game that the folder's policy was made for; the first one if it does not say.
    static int agent(Path folder, Signature signature) {
        return JsonFile.read(folder.resolve(JSON)).get("agents") instanceof List<?> agents
                ? agents.stream()
                        .mapToInt(signature.agents()::indexOf)
                        .filter(agent -> agent >= 0)
                        .findFirst()
                        .orElse(0)
                : 0;
    }

    /// @throws HyperTokenException `bad_field` if the folder's policy was made for other spaces than the agent's
    static void requireSameSpaces(Path folder, Spec spec, Options options, int agent) {
        requireSameSpaces(folder, JsonFile.read(folder.resolve(JSON)), spec, spec.signature(options), agent);
    }

    private static float[] parameters(ActorCritic network, Tensors tensors) {
        float[] parameters = new float[network.size()];
        for (Layer layer : network.layers()) {
            String name = name(network, layer);
            float[] weights = new float[layer.outputs() * layer.inputs()];
            float[] biases = new float[layer.outputs()];
            tensors.copy(name + ".weight", weights);
            tensors.copy(name + ".bias", biases);
            for (int output = 0; output < layer.outputs(); output++) {
                for (int input = 0; input < layer.inputs(); input++) {
                    parameters[layer.weight(input, output)] = weights[output * layer.inputs() + input];
                }
                parameters[layer.weight(layer.inputs(), output)] = biases[output];
            }
        }
        float[] further = new float[network.head().parameters()];
        if (further.length > 0) {
            tensors.copy("log_std", further);
            System.arraycopy(further, 0, parameters, network.furtherAt(), further.length);
        }
        return parameters;
    }

    private static Moments moments(Path folder, Features features, boolean normalizes, Tensors tensors) {
        var moments = new Moments(normalizes ? features.numbers() : new boolean[features.size()]);
        if (normalizes) {
            double[] mean = new double[features.size()];
            double[] variance = new double[features.size()];
            tensors.copy("observation.mean", mean);
            tensors.copy("observation.variance", variance);
            for (int k = 0; k < mean.length; k++) {
                if (!Double.isFinite(mean[k]) || !(variance[k] >= 0)) {
                    throw malformed(folder, "a mean or variance of it is none");
                }
            }
            moments.set(mean, variance);
        }
        return moments;
    }

    private static void requireSameSpaces(
            Path folder, Map<String, @Nullable Object> json, Spec spec, Signature signature, int agent) {
        String trained = words(json.get("observation_space")) + " to " + words(json.get("action_space"));
        String wanted = words(SpaceValues.of(signature.observationSpaces().get(agent))) + " to "
                + words(SpaceValues.of(signature.actionSpaces().get(agent)));
        if (!trained.equals(wanted)) {
            Map<?, ?> environment = object(json, "environment", folder);
            throw new HyperTokenException(
                    BAD_FIELD,
                    "policy " + folder + " cannot play " + spec.id(),
                    "it was trained in " + environment.get("id") + " with other spaces than it meets here",
                    "play it in " + environment.get("id") + " with options " + environment.get("options"));
        }
    }

    /// A space's description as text in which a number looks the same whether it was read or is about to be written.
    private static String words(@Nullable Object described) {
        return switch (described) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(each -> each.getKey() + "=" + words(each.getValue()))
                        .sorted()
                        .collect(Collectors.joining(",", "{", "}"));
            case List<?> list -> list.stream().map(PolicyFolder::words).collect(Collectors.joining(",", "[", "]"));
            case Number number -> Double.toString(number.doubleValue());
            case null, default -> String.valueOf(described);
        };
    }

    private static int[] hidden(Map<?, ?> network, Path folder) {
        if (network.get("hidden") instanceof List<?> sizes && sizes.stream().allMatch(Long.class::isInstance)) {
            return sizes.stream().mapToInt(size -> Math.toIntExact((Long) size)).toArray();
        }
        throw malformed(folder, "its network's hidden layers are not given");
    }

    private static Map<?, ?> object(Map<String, @Nullable Object> json, String name, Path folder) {
        if (json.get(name) instanceof Map<?, ?> object) {
            return object;
        }
        throw malformed(folder, "it does not say its " + name);
    }

    private static HyperTokenException malformed(Path folder, String why) {
        return new HyperTokenException(
                BAD_FIELD, "refused policy " + folder, why, "use one that hypertoken train has written");
    }
}

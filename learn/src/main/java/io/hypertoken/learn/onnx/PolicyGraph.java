package io.hypertoken.learn.onnx;

import io.hypertoken.learn.net.Activation;
import io.hypertoken.learn.net.ActorCritic;
import io.hypertoken.learn.net.Layer;
import io.hypertoken.learn.net.Mlp;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.learn.space.Features;
import io.hypertoken.learn.space.Moments;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A trained network as an ONNX graph that does all that the policy does, from what is seen to what is played.
///
/// ```text
/// observation, or observation.PART for each leaf   [batch, *leaf]    the leaf's own dtype
/// mask, where the environment has one              [batch, flags]    bool; true is legal
///
/// action                                           [batch, *action]  the likeliest one, in the space's dtype
/// logits          for choices                      [batch, choices]  -∞ for what the mask forbids
/// mean, log_std   for a Box                        [batch, numbers]  before they are squashed or cut off
/// value                                            [batch]           the return that is foreseen
/// ```
///
/// Leaves are called as columns are in the protocol.
public final class PolicyGraph {
    /// The version of ONNX's operators that graphs are written in.
    public static final int OPERATORS = Graph.OPERATORS;
    /// The input that says what is legal.
    public static final String MASK = "mask";
    /// The output that is played.
    public static final String ACTION = "action";

    private final Graph graph = new Graph();
    private final Features features;
    private final ActorCritic network;
    private final float[] parameters;

    private PolicyGraph(Features features, ActorCritic network, float[] parameters) {
        this.features = features;
        this.network = network;
        this.parameters = parameters;
    }

    /// What the input for a leaf of an observation is called.
    public static String inputName(Leaf leaf) {
        return leaf.name().isEmpty() ? "observation" : "observation." + leaf.name();
    }

    /// The file's bytes.
    ///
    /// @param seen how what is seen is normalised
    /// @param squashed whether continuous actions are bounded by a tanh
    public static byte[] of(
            Space observations,
            Space actions,
            ActorCritic network,
            float[] parameters,
            Moments seen,
            boolean squashed) {
        var policy = new PolicyGraph(new Features(observations), network, parameters);
        String seenNow = policy.normalized(policy.features(observations), seen);
        Mlp actor = network.actor();
        Mlp critic = network.critic();
        int outputs = network.head().outputs();
        String shared = policy.hidden(actor, seenNow);
        String chosen = policy.last(actor, shared, 0, outputs);
        String value = critic == null
                ? policy.last(actor, shared, outputs, outputs + 1)
                : policy.last(critic, policy.hidden(critic, seenNow), 0, 1);
        int[] choices = Bounds.choices(actions);
        if (choices.length > 0) {
            policy.choose(actions, chosen, choices);
        } else {
            policy.bound(actions, chosen, new Bounds(actions, squashed));
        }
        policy.graph.output("value", policy.reshape(value), ElementType.FLOAT, List.of());
        return policy.graph.toBytes("policy");
    }

    /// All leaves as one row of floats.
    private String features(Space observations) {
        var parts = new ArrayList<String>();
        List<Leaf> leaves = observations.leaves();
        for (Features.Part part : features.parts()) {
            Leaf leaf = leaves.get(part.leaf());
            String input = graph.input(inputName(leaf), ElementType.of(leaf.dtype()), leaf.shape());
            String row = reshape(input, part.elements());
            String numbers = part.oneHot() ? oneHot(part, row) : row;
            parts.add(graph.node("Cast", "to", ElementType.FLOAT, numbers));
        }
        return parts.size() == 1 ? parts.getFirst() : graph.node("Concat", "axis", 1, parts.toArray(String[]::new));
    }

    /// For each value that an element may have: whether it has it. (ONNX's own OneHot counts -1 from the end, where
    /// here an agent that is shown nothing must have no 1 at all.)
    private String oneHot(Features.Part part, String row) {
        long[] elements = new long[part.count()];
        long[] values = new long[part.count()];
        int at = 0;
        for (int element = 0; element < part.elements(); element++) {
            for (int value = 0; value < part.sizes()[element]; value++) {
                elements[at] = element;
                values[at++] = part.start() + value;
            }
        }
        String integers = graph.node("Cast", "to", ElementType.INT64, row);
        String repeated = graph.node("Gather", "axis", 1, integers, graph.constant(elements));
        return graph.node("Equal", repeated, graph.constant(values));
    }

    private String normalized(String row, Moments seen) {
        if (!seen.keepsAny()) {
            return row;
        }
        String left = graph.node("Sub", row, graph.constant(seen.shift()));
        String scaled = graph.node("Mul", left, graph.constant(seen.scale()));
        // What is not normalised is 0 or 1, and not cut off by this.
        return clip(scaled, new float[] {-Moments.LARGEST}, new float[] {Moments.LARGEST});
    }

    private String clip(String row, float[] low, float[] high) {
        return graph.node("Min", graph.node("Max", row, graph.constant(low)), graph.constant(high));
    }

    /// What stands before a network's last layer.
    private String hidden(Mlp mlp, String row) {
        String through = row;
        for (Layer layer : mlp.layers().subList(0, mlp.layers().size() - 1)) {
            String sum = dense(layer, through, 0, layer.outputs());
            through = graph.node(mlp.activation() == Activation.TANH ? "Tanh" : "Relu", sum);
        }
        return through;
    }

    /// Some of the outputs of a network's last layer.
    private String last(Mlp mlp, String row, int from, int end) {
        return dense(mlp.layers().getLast(), row, from, end);
    }

    private String dense(Layer layer, String row, int from, int end) {
        int outputs = end - from;
        float[] weights = new float[layer.inputs() * outputs];
        float[] biases = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < layer.inputs(); input++) {
                weights[input * outputs + output] = parameters[layer.weight(input, from + output)];
            }
            biases[output] = parameters[layer.weight(layer.inputs(), from + output)];
        }
        return graph.node("Gemm", row, graph.constant(weights, layer.inputs(), outputs), graph.constant(biases));
    }

    /// The likeliest choice in each dimension.
    private void choose(Space actions, String raw, int[] choices) {
        int all = Arrays.stream(choices).sum();
        String logits = network.head().flags() == 0 ? raw : masked(raw, choices, all);
        int most = Arrays.stream(choices).max().orElse(1);
        // As a table of dimensions by choices, filled up with -∞ where a dimension has fewer than another.
        long[] from = new long[choices.length * most];
        boolean[] real = new boolean[from.length];
        int first = 0;
        for (int dimension = 0; dimension < choices.length; dimension++) {
            for (int choice = 0; choice < choices[dimension]; choice++) {
                from[dimension * most + choice] = first + choice;
                real[dimension * most + choice] = true;
            }
            first += choices[dimension];
        }
        String table = logits;
        if (all < from.length) {
            String gathered = graph.node("Gather", "axis", 1, logits, graph.constant(from));
            table = graph.node("Where", graph.constant(real), gathered, lowest());
        }
        String best = graph.node("ArgMax", "axis", 2, "keepdims", 0, reshape(table, choices.length, most));
        Leaf leaf = actions.leaves().getFirst();
        String played = graph.node("Add", best, graph.constant((long) Bounds.start(actions)));
        output(ACTION, played, leaf);
        graph.output("logits", logits, ElementType.FLOAT, List.of(all));
    }

    /// A mask that forbids a whole dimension says nothing of it, as in [io.hypertoken.learn.net.Categorical].
    private String masked(String logits, int[] choices, int all) {
        String mask = graph.input(MASK, ElementType.BOOL, List.of(all));
        float[] belongs = new float[all * choices.length];
        long[] dimensions = new long[all];
        int at = 0;
        for (int dimension = 0; dimension < choices.length; dimension++) {
            for (int k = 0; k < choices[dimension]; k++) {
                belongs[at * choices.length + dimension] = 1;
                dimensions[at++] = dimension;
            }
        }
        String flags = graph.node("Cast", "to", ElementType.FLOAT, mask);
        String legal = graph.node("MatMul", flags, graph.constant(belongs, all, choices.length));
        String none = graph.node("Less", legal, graph.constant(new float[] {0.5f}));
        String silent = graph.node("Gather", "axis", 1, none, graph.constant(dimensions));
        return graph.node("Where", graph.node("Or", mask, silent), logits, lowest());
    }

    private String lowest() {
        return graph.constant(new float[] {Float.NEGATIVE_INFINITY});
    }

    /// The mean, bounded.
    private void bound(Space actions, String mean, Bounds bounds) {
        Leaf leaf = actions.leaves().getFirst();
        float[] low = bounds.low();
        float[] high = bounds.high();
        String played;
        if (bounds.squashed()) {
            float[] half = new float[low.length];
            for (int k = 0; k < half.length; k++) {
                half[k] = 0.5f * (high[k] - low[k]);
            }
            String within = graph.node("Add", graph.node("Tanh", mean), graph.constant(new float[] {1}));
            played = graph.node("Add", graph.node("Mul", within, graph.constant(half)), graph.constant(low));
        } else {
            played = clip(mean, low, high);
        }
        output(ACTION, played, leaf);
        float[] logDeviations = Arrays.copyOfRange(parameters, network.furtherAt(), network.size());
        String each = graph.node("Expand", graph.constant(logDeviations), graph.node("Shape", mean));
        graph.output("mean", mean, ElementType.FLOAT, List.of(leaf.size()));
        graph.output("log_std", each, ElementType.FLOAT, List.of(leaf.size()));
    }

    private void output(String name, String row, Leaf leaf) {
        String shaped =
                reshape(row, leaf.shape().stream().mapToInt(Integer::intValue).toArray());
        int type = ElementType.of(leaf.dtype());
        graph.output(name, graph.node("Cast", "to", type, shaped), type, leaf.shape());
    }

    /// The same numbers as `[batch, *shape]`.
    private String reshape(String value, int... shape) {
        // A 0 keeps the dimension that is there: the batch's.
        long[] whole = new long[shape.length + 1];
        for (int k = 0; k < shape.length; k++) {
            whole[k + 1] = shape[k];
        }
        return graph.node("Reshape", value, graph.constant(whole));
    }
}

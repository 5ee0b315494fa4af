package io.hypertoken.learn.onnx;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.store.SavedFile;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether a graph has the signature of [PolicyGraph] for some spaces. More outputs than `action` it may have or not.
final class GraphCheck {
    private static final long LARGEST = 1L << 30;
    /// What one flag of a mask may be, as long as it is one byte.
    private static final Set<String> FLAGS = Set.of("bool", "uint8", "int8");

    private final Path file;
    private final OnnxModel model;
    private final List<Leaf> leaves;
    private final Leaf action;
    private final int flags;

    /// @throws HyperTokenException `bad_field` if it has another
    GraphCheck(Path file, OnnxModel model, Space observations, Space actions) {
        this.file = file;
        this.model = model;
        leaves = observations.leaves();
        flags = actions.maskSize();
        if (actions.leaves().size() != 1) {
            throw refusal("actions of several parts are played by none", "choose an environment with one action");
        }
        action = actions.leaves().getFirst();
        requireInputs();
        OnnxModel.@Nullable Value played = find(model.outputs(), PolicyGraph.ACTION);
        if (played == null) {
            throw refusal("it has no output " + PolicyGraph.ACTION + " but " + model.outputs(), SIGNATURE);
        }
        require(played, action.dtype().numpyName(), action.shape(), "the output");
    }

    private static final String SIGNATURE = "give it the inputs and outputs that docs/policies.md lists";

    /// @throws HyperTokenException `unavailable` if the file is not there, `bad_field` if it is too large to be read
    static void requireReadable(Path file) {
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw SavedFile.unreadable(file, e);
        }
        if (size > LARGEST || !Files.isRegularFile(file)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused " + file,
                    Files.isRegularFile(file)
                            ? "it has " + size + " bytes, and a policy at most " + LARGEST
                            : "it is no file",
                    "use the ONNX file of a policy");
        }
    }

    private void requireInputs() {
        var missing = new ArrayList<String>();
        for (Leaf leaf : leaves) {
            String name = PolicyGraph.inputName(leaf);
            OnnxModel.@Nullable Value input = find(model.inputs(), name);
            if (input == null) {
                missing.add(name);
            } else {
                require(input, leaf.dtype().numpyName(), leaf.shape(), "the input");
            }
        }
        Set<String> known = leaves.stream().map(PolicyGraph::inputName).collect(Collectors.toSet());
        List<OnnxModel.Value> unknown = model.inputs().stream()
                .filter(input -> !known.contains(input.name()) && !(flags > 0 && isMask(input)))
                .toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw refusal(
                    (missing.isEmpty() ? "" : "it has no input " + String.join(", ", missing))
                            + (missing.isEmpty() || unknown.isEmpty() ? "" : ", and ")
                            + (unknown.isEmpty() ? "" : "nothing here is its input " + unknown.getFirst()),
                    SIGNATURE);
        }
        OnnxModel.@Nullable Value mask = flags > 0 ? find(model.inputs(), PolicyGraph.MASK) : null;
        if (mask != null) {
            require(mask, FLAGS.contains(mask.type()) ? mask.type() : "bool", List.of(flags), "the input");
        }
    }

    private static boolean isMask(OnnxModel.Value input) {
        return input.name().equals(PolicyGraph.MASK);
    }

    private void require(OnnxModel.Value value, String type, List<Integer> shape, String which) {
        boolean fits = value.shape().size() == shape.size() + 1
                && fits(value.shape().getFirst(), 1)
                && value.type().equals(type);
        for (int k = 0; fits && k < shape.size(); k++) {
            fits = fits(value.shape().get(k + 1), shape.get(k));
        }
        if (!fits) {
            var wanted = new ArrayList<Object>(shape);
            wanted.addFirst("?");
            throw refusal(which + " " + value + " must be " + type + wanted, "export it for this environment");
        }
    }

    private static boolean fits(long declared, long wanted) {
        return declared < 0 || declared == wanted;
    }

    private HyperTokenException refusal(String why, String todo) {
        return new HyperTokenException(BAD_FIELD, "policy " + file + " cannot play here", why, todo);
    }

    private static OnnxModel.@Nullable Value find(List<OnnxModel.Value> values, String name) {
        return values.stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    List<Leaf> leaves() {
        return leaves;
    }

    Leaf action() {
        return action;
    }

    /// How many flags its mask has.
    int flags() {
        return flags;
    }

    /// Whether it heeds a mask.
    boolean masked() {
        return flags > 0 && find(model.inputs(), PolicyGraph.MASK) != null;
    }

    /// An input that is known to be there.
    OnnxModel.Value input(String name) {
        OnnxModel.@Nullable Value found = find(model.inputs(), name);
        if (found == null) {
            throw new IllegalStateException(name);
        }
        return found;
    }
}

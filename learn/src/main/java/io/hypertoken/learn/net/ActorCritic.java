package io.hypertoken.learn.net;

import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A network that acts and one that foresees returns, or one that does both, and their parameters in one array.
///
/// ```text
/// separate: | actor's layers | critic's layers | further parameters of the head |
/// shared:   | layers, whose last gives the head's outputs and then the value | further parameters |
/// ```
public final class ActorCritic {
    private final ActionHead head;
    private final int observationSize;
    private final Mlp actor;
    private final @Nullable Mlp critic;
    private final int furtherAt;
    private final int size;

    /// @param observationSize how many numbers are seen
    /// @param hidden how many numbers stand between the layers
    /// @param shared whether one network does both
    public ActorCritic(int observationSize, int[] hidden, Activation activation, boolean shared, ActionHead head) {
        this.head = head;
        this.observationSize = observationSize;
        actor = new Mlp(sizes(observationSize, hidden, head.outputs() + (shared ? 1 : 0)), activation, 0);
        critic = shared ? null : new Mlp(sizes(observationSize, hidden, 1), activation, actor.size());
        furtherAt = actor.size() + (critic == null ? 0 : critic.size());
        size = furtherAt + head.parameters();
    }

    private static int[] sizes(int first, int[] hidden, int last) {
        return IntStream.concat(IntStream.concat(IntStream.of(first), Arrays.stream(hidden)), IntStream.of(last))
                .toArray();
    }

    /// How many numbers are seen.
    public int observationSize() {
        return observationSize;
    }

    /// The length of a row of observations: they, a 1, and padding.
    public int observationRow() {
        return actor.layers().getFirst().inputRow();
    }

    /// What actions are drawn from.
    public ActionHead head() {
        return head;
    }

    /// The network whose first outputs are the head's.
    public Mlp actor() {
        return actor;
    }

    /// The network that gives the value; null where the actor's last output is it.
    public @Nullable Mlp critic() {
        return critic;
    }

    /// How many parameters there are, padding among them.
    public int size() {
        return size;
    }

    /// The index of the head's further parameters.
    public int furtherAt() {
        return furtherAt;
    }

    /// New parameters, as details 2 and, for continuous actions, 2 of Huang et al. (2022) have them: orthogonal with
    /// gain √2, 0.01 for what acts and 1 for what foresees, biases 0.
    ///
    /// @param orthogonal otherwise uniform within 1/√inputs, as PyTorch begins
    /// @param deviation the head's first standard deviation, where it has one
    public float[] initial(Generator random, boolean orthogonal, double deviation) {
        float[] parameters = new float[size];
        Mlp foresees = critic == null ? actor : critic;
        for (Layer layer : layers()) {
            if (!orthogonal) {
                uniform(parameters, layer, random);
            } else if (layer == actor.layers().getLast()) {
                Orthogonal.fill(parameters, layer, 0, head.outputs(), 0.01, random);
                if (foresees == actor) {
                    Orthogonal.fill(parameters, layer, head.outputs(), 1, 1, random);
                }
            } else {
                boolean last = layer == foresees.layers().getLast();
                Orthogonal.fill(parameters, layer, 0, layer.outputs(), last ? 1 : Math.sqrt(2), random);
            }
        }
        Arrays.fill(parameters, furtherAt, size, (float) Math.log(deviation));
        return parameters;
    }

    private static void uniform(float[] parameters, Layer layer, Generator random) {
        double bound = 1 / Math.sqrt(layer.inputs());
        for (int input = 0; input <= layer.inputs(); input++) {
            for (int output = 0; output < layer.outputs(); output++) {
                parameters[layer.weight(input, output)] = (float) random.uniform(-bound, bound);
            }
        }
    }

    /// All layers, the actor's first.
    public List<Layer> layers() {
        return critic == null
                ? actor.layers()
                : Stream.concat(actor.layers().stream(), critic.layers().stream())
                        .toList();
    }

    /// Writes what [Pass#backward] needs of the parameters.
    ///
    /// @param transposed as long as the parameters
    public void transpose(float[] parameters, float[] transposed) {
        actor.transpose(parameters, transposed);
        if (critic != null) {
            critic.transpose(parameters, transposed);
        }
    }

    /// Some rows on their way through: one pass for each thread.
    public final class Pass {
        private final float[] input;
        private final ActionHead cursor = head.copy();
        private final Mlp.Pass acting;
        private final Mlp.@Nullable Pass foreseeing;
        private final Mlp.Pass valuing;
        private final int actionRow = actor.layers().getLast().outputRow();
        private final int valueRow =
                (critic == null ? actor : critic).layers().getLast().outputRow();
        private final int valueAt = critic == null ? head.outputs() : 0;

        /// @param rows the most that may pass at once
        public Pass(int rows) {
            input = new float[rows * observationRow()];
            acting = actor.new Pass(rows, input);
            foreseeing = critic == null ? null : critic.new Pass(rows, input);
            valuing = foreseeing == null ? acting : foreseeing;
        }

        /// Where observations are written, in rows of [ActorCritic#observationRow()], a 1 behind each.
        public float[] input() {
            return input;
        }

        /// Sends the first `rows` rows through both networks.
        public void forward(float[] parameters, int rows) {
            acting.forward(parameters, rows);
            if (foreseeing != null) {
                foreseeing.forward(parameters, rows);
            }
        }

        /// Sends the first `rows` rows through the network that acts.
        public void forwardToAct(float[] parameters, int rows) {
            acting.forward(parameters, rows);
        }

        /// Sends the first `rows` rows through the network that foresees.
        public void forwardToForesee(float[] parameters, int rows) {
            valuing.forward(parameters, rows);
        }

        /// The distribution of a row's action.
        ///
        /// @param mask as [ActionHead#see]
        public ActionHead action(int row, float[] parameters, byte[] mask, int maskAt) {
            cursor.see(acting.output(), row * actionRow, mask, maskAt, parameters, furtherAt);
            return cursor;
        }

        /// The return that a row foresees.
        public float value(int row) {
            return valuing.output()[row * valueRow + valueAt];
        }

        /// Writes how the loss changes with a row's value, and with its action's outputs: by the distribution that
        /// [#action] turned to last.
        ///
        /// @param gradient that of the parameters; the head's further ones are added to
        public void setGradient(
                int row,
                float byValue,
                float[] action,
                int actionAt,
                float byLogProbability,
                float byEntropy,
                float[] gradient) {
            valuing.outputGradient()[row * valueRow + valueAt] = byValue;
            cursor.backward(
                    action,
                    actionAt,
                    byLogProbability,
                    byEntropy,
                    acting.outputGradient(),
                    row * actionRow,
                    gradient,
                    furtherAt);
        }

        /// Makes the gradient of all layers' parameters from what [#setGradient] wrote for `rows` rows.
        public void backward(float[] transposed, int rows, float[] gradient) {
            acting.backward(transposed, rows, gradient);
            if (foreseeing != null) {
                foreseeing.backward(transposed, rows, gradient);
            }
        }
    }
}

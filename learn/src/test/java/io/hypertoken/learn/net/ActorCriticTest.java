package io.hypertoken.learn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.random.Generator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every derivative against finite differences of what it is the derivative of.
class ActorCriticTest {
    private static final int ROWS = 7;
    private static final float STEP = 1e-2f;
    private static final byte[] MASK = {1, 0, 1, 1, 1, 1, 0};

    private final Generator random = Generator.seeded(5);

    static Stream<Arguments> networks() {
        return Stream.of(Activation.values())
                .flatMap(activation -> Stream.of(true, false)
                        .flatMap(shared -> Stream.of(
                                        new Categorical(new int[] {4}, false),
                                        new Categorical(new int[] {4, 3}, true),
                                        new Gaussian(3))
                                .map(head -> Arguments.of(activation, shared, head))));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradientsAreThoseOfTheLoss(Activation activation, boolean shared, ActionHead head) {
        var network = new ActorCritic(5, new int[] {9, 6}, activation, shared, head);
        float[] parameters = network.initial(random, false, 0.7);
        var pass = network.new Pass(ROWS);
        float[] seen = observations(network);
        float[] actions = new float[ROWS * head.width()];
        float[] weights = new float[3 * ROWS];
        for (int k = 0; k < weights.length; k++) {
            weights[k] = (float) random.uniform(-1, 1);
        }
        System.arraycopy(seen, 0, pass.input(), 0, seen.length);
        pass.forward(parameters, ROWS);
        for (int row = 0; row < ROWS; row++) {
            pass.action(row, parameters, MASK, 0).sample(random, actions, row * head.width());
        }

        float[] gradient = gradient(network, pass, parameters, actions, weights);

        double middle = loss(network, pass, parameters, actions, weights);
        double worst = 0;
        double largest = 0;
        int kinks = 0;
        for (int k = 0; k < parameters.length; k++) {
            float kept = parameters[k];
            parameters[k] = kept + STEP;
            double above = loss(network, pass, parameters, actions, weights);
            parameters[k] = kept - STEP;
            double below = loss(network, pass, parameters, actions, weights);
            parameters[k] = kept;
            boolean padding = kept == 0 && gradient[k] == 0;
            boolean kink = activation == Activation.RELU && Math.abs(above + below - 2 * middle) / STEP > 5e-3;
            kinks += kink ? 1 : 0;
            worst = Math.max(worst, padding || kink ? 0 : Math.abs((above - below) / (2 * STEP) - gradient[k]));
            largest = Math.max(largest, Math.abs(gradient[k]));
        }
        assertThat(largest).isGreaterThan(0.1);
        assertThat(kinks).as("where a relu bends within the step").isLessThan(parameters.length / 5);
        assertThat(worst).isLessThan(4e-3);
    }

    @Test
    void paddingGetsNoGradientAndStaysZero() {
        var network = new ActorCritic(3, new int[] {5}, Activation.TANH, false, new Gaussian(1));
        float[] parameters = network.initial(random, true, 1);
        var pass = network.new Pass(ROWS);
        float[] seen = observations(network);
        System.arraycopy(seen, 0, pass.input(), 0, seen.length);
        pass.forward(parameters, ROWS);
        float[] gradient = gradient(network, pass, parameters, new float[ROWS], new float[] {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        });

        for (Layer layer : network.layers()) {
            for (int k = 0; k < layer.size(); k++) {
                int input = k / layer.outputRow();
                int output = k % layer.outputRow();
                if (input > layer.inputs() || output >= layer.outputs()) {
                    assertThat(parameters[layer.at() + k]).isZero();
                    assertThat(gradient[layer.at() + k]).isZero();
                }
            }
        }
    }

    @Test
    void orthogonalLayersKeepLengthsTimesTheirGain() {
        var network = new ActorCritic(64, new int[] {64, 32}, Activation.TANH, false, new Gaussian(2));
        float[] parameters = network.initial(random, true, 1);

        Layer square = network.actor().layers().get(0);
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < 4; b++) {
                double dot = 0;
                for (int k = 0; k < 64; k++) {
                    dot += parameters[square.weight(k, a)] * parameters[square.weight(k, b)];
                }
                assertThat(dot).isCloseTo(a == b ? 2 : 0, within(1e-5));
            }
        }
        Layer acting = network.actor().layers().getLast();
        double length = 0;
        for (int k = 0; k < 32; k++) {
            length += Math.pow(parameters[acting.weight(k, 0)], 2);
        }
        assertThat(Math.sqrt(length)).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void whatAMaskForbidsIsNeverDrawnHasNoEntropyAndGetsNoGradient() {
        var head = new Categorical(new int[] {3, 2}, true);
        byte[] mask = {0, 1, 0, 1, 1};
        float[] logits = {50, 0, 50, 1, 1};
        head.see(logits, 0, mask, 0, logits, 0);

        float[] action = new float[2];
        for (int k = 0; k < 100; k++) {
            head.sample(random, action, 0);
            assertThat(action[0]).isEqualTo(1);
        }
        assertThat(head.entropy()).isCloseTo((float) Math.log(2), within(1e-6f));
        assertThat(head.logProbability(action, 0)).isCloseTo((float) Math.log(0.5), within(1e-6f));
        float[] gradient = {9, 9, 9, 9, 9};
        head.backward(action, 0, 1, 1, gradient, 0, logits, 0);
        assertThat(gradient[0]).isZero();
        assertThat(gradient[1]).isZero();
        assertThat(gradient[2]).isZero();
        head.mode(action, 0);
        assertThat(action[0]).isEqualTo(1);
    }

    @Test
    void drawsAreAsLikelyAsTheyAreSaidToBe() {
        var head = new Categorical(new int[] {3}, false);
        float[] logits = {0, 1, 2};
        head.see(logits, 0, new byte[0], 0, logits, 0);
        int[] counts = new int[3];
        float[] action = new float[1];
        for (int k = 0; k < 30_000; k++) {
            head.sample(random, action, 0);
            counts[(int) action[0]]++;
        }
        for (int k = 0; k < 3; k++) {
            action[0] = k;
            assertThat(counts[k] / 30_000.0).isCloseTo(Math.exp(head.logProbability(action, 0)), within(0.01));
        }
    }

    private float[] observations(ActorCritic network) {
        float[] seen = new float[ROWS * network.observationRow()];
        for (int row = 0; row < ROWS; row++) {
            for (int k = 0; k < network.observationSize(); k++) {
                seen[row * network.observationRow() + k] = (float) random.standardNormal();
            }
        }
        Mlp.setOnes(seen, 0, ROWS, network.observationRow(), network.observationSize());
        return seen;
    }

    /// Weighted sums of everything that has a derivative: values, log-probabilities and entropies.
    private static double loss(
            ActorCritic network, ActorCritic.Pass pass, float[] parameters, float[] actions, float[] weights) {
        pass.forward(parameters, ROWS);
        double loss = 0;
        for (int row = 0; row < ROWS; row++) {
            ActionHead action = pass.action(row, parameters, MASK, 0);
            loss += weights[3 * row] * pass.value(row)
                    + weights[3 * row + 1]
                            * action.logProbability(
                                    actions, row * network.head().width())
                    + weights[3 * row + 2] * action.entropy();
        }
        return loss;
    }

    private static float[] gradient(
            ActorCritic network, ActorCritic.Pass pass, float[] parameters, float[] actions, float[] weights) {
        float[] gradient = new float[network.size()];
        float[] transposed = new float[network.size()];
        network.transpose(parameters, transposed);
        for (int row = 0; row < ROWS; row++) {
            pass.action(row, parameters, MASK, 0);
            pass.setGradient(
                    row,
                    weights[3 * row],
                    actions,
                    row * network.head().width(),
                    weights[3 * row + 1],
                    weights[3 * row + 2],
                    gradient);
        }
        pass.backward(transposed, ROWS, gradient);
        return gradient;
    }
}

package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Renders;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One environment drawn in a terminal, and whoever plays it.
///
/// @param vector one row with autoreset disabled, in an episode
/// @param out where it is drawn
/// @param script chooses where the player does not: by chance, or as a policy does
/// @param answers what the player types; null for nobody
record TerminalGame(
        VectorEnvironment vector,
        PrintWriter out,
        Policy script,
        @Nullable BufferedReader answers) {

    /// @return whether the episode was played to its end
    boolean play() throws IOException {
        while (!vector.over(0)) {
            draw();
            if (answers == null) {
                new Seats(vector).choose(0, script);
            } else if (!ask(answers)) {
                return false;
            }
            tellActions();
            vector.step();
            tellOutcome();
        }
        draw();
        return true;
    }

    private void draw() {
        int turn = vector.batch().turn(0);
        String text = vector.text(0, turn >= 0 ? turn : Renders.SPECTATOR);
        if (text != null) {
            out.println(text.stripTrailing());
            return;
        }
        for (int agent = 0; agent < vector.batch().agents(); agent++) {
            if (turn < 0 || turn == agent) {
                out.println(name(agent) + " sees " + seen(agent));
            }
        }
    }

    private String seen(int agent) {
        List<Leaf> leaves = vector.batch().signature().observationLeaves();
        return IntStream.range(0, leaves.size())
                .mapToObj(leaf -> numbers(leaves.get(leaf), k -> vector.batch().observation(0, agent, leaf, k)))
                .collect(Collectors.joining(" | "));
    }

    /// Asks everyone who acts; an answer that is refused is asked for again.
    ///
    /// @return false when the player stops
    private boolean ask(BufferedReader typed) throws IOException {
        Batch batch = vector.batch();
        for (int agent = 0; agent < batch.agents(); agent++) {
            while (acts(agent)) {
                out.print(name(agent) + " (" + choices(agent) + "): ");
                out.flush();
                String answer = typed.readLine();
                if (answer == null) {
                    out.println(); // the player's input ended on the line of the question
                    return false;
                }
                if (answer.strip().equals("q")) {
                    return false;
                }
                if (answer.strip().equals("r")) {
                    new Seats(vector).choose(0, script);
                    return true;
                }
                String refusal = write(agent, answer.strip());
                if (refusal.isEmpty()) {
                    break;
                }
                out.println(refusal);
            }
        }
        return true;
    }

    /// @return why the answer cannot be played; empty if it can
    private String write(int agent, String answer) {
        Space space = vector.batch().signature().actionSpaces().get(agent);
        int named = vector.spec().actionNames().indexOf(answer);
        String[] numbers = named >= 0 ? new String[] {Integer.toString(named)} : answer.split("[ ,]+");
        List<Leaf> leaves = vector.batch().signature().actionLeaves();
        if (numbers.length != leaves.stream().mapToInt(Leaf::size).sum()) {
            return "an action of " + space + " has "
                    + leaves.stream().mapToInt(Leaf::size).sum() + " numbers";
        }
        try {
            int next = 0;
            for (int leaf = 0; leaf < leaves.size(); leaf++) {
                for (int k = 0; k < leaves.get(leaf).size(); k++) {
                    vector.batch().action(0, agent, leaf, k, Double.parseDouble(numbers[next++]));
                }
            }
            vector.checkAction(0, agent);
            return "";
        } catch (NumberFormatException e) {
            return "\"" + answer + "\" is no action; it is one of " + choices(agent);
        } catch (HyperTokenException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private String choices(int agent) {
        Space space = vector.batch().signature().actionSpaces().get(agent);
        List<String> names = vector.spec().actionNames();
        return space instanceof Discrete discrete && discrete.n() <= 40
                ? IntStream.range(0, discrete.n())
                        .filter(k -> vector.batch().allowed(0, agent, k))
                        .mapToObj(
                                k -> names.isEmpty() ? Integer.toString(k + discrete.start()) : k + " " + names.get(k))
                        .collect(Collectors.joining(", "))
                : space.toString();
    }

    private void tellActions() {
        for (int agent = 0; agent < vector.batch().agents(); agent++) {
            if (!acts(agent)) {
                continue;
            }
            int first = (int) vector.batch().action(0, agent, 0, 0);
            List<String> names = vector.spec().actionNames();
            out.println(
                    "> " + name(agent) + " " + (first >= 0 && first < names.size() ? names.get(first) : played(agent)));
        }
    }

    private String played(int agent) {
        List<Leaf> leaves = vector.batch().signature().actionLeaves();
        return IntStream.range(0, leaves.size())
                .mapToObj(leaf -> numbers(leaves.get(leaf), k -> vector.batch().action(0, agent, leaf, k)))
                .collect(Collectors.joining(" | "));
    }

    private void tellOutcome() {
        Batch batch = vector.batch();
        for (int agent = 0; agent < batch.agents(); agent++) {
            double reward = batch.reward(0, agent);
            String end = batch.terminated(0, agent) ? ", is done" : batch.truncated(0, agent) ? ", is stopped" : "";
            if (reward != 0 || !end.isEmpty()) {
                out.println("  " + name(agent) + " gets " + number(reward)
                        + (end.isEmpty() ? "" : end + " with " + number(batch.episodeReturn(0, agent))));
            }
            Object error = vector.info(0, agent).get("environment_error");
            if (error != null) {
                out.println("  the environment threw " + error);
            }
        }
    }

    private boolean acts(int agent) {
        return vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS
                ? vector.batch().alive(0, agent)
                : vector.batch().turn(0) == agent;
    }

    private String name(int agent) {
        return vector.batch().signature().agents().get(agent);
    }

    private static String numbers(Leaf leaf, IntToDoubleFunction element) {
        return IntStream.range(0, leaf.size())
                .mapToObj(k -> number(element.applyAsDouble(k)))
                .collect(Collectors.joining(" "));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Float.toString((float) value);
    }
}

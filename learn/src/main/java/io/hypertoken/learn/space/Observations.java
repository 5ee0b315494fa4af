package io.hypertoken.learn.space;

import io.hypertoken.engine.Batch;
import io.hypertoken.space.Leaf;
import java.util.List;

/// What the agents of a vector see, as features for a network.
///
/// Call [#load()] after each reset and step; cells are then read by their number, row × agents + agent.
public final class Observations {
    private final Batch batch;
    private final List<Leaf> leaves;
    private final LeafColumn[] seen;

    public Observations(Batch batch) {
        this.batch = batch;
        leaves = batch.signature().observationLeaves();
        seen = new LeafColumn[leaves.size()];
        for (int k = 0; k < seen.length; k++) {
            Leaf leaf = leaves.get(k);
            seen[k] = new LeafColumn(leaf.dtype(), batch.rows() * batch.agents() * leaf.size());
        }
    }

    /// Takes over what the agents see now.
    public void load() {
        for (int k = 0; k < seen.length; k++) {
            seen[k].load(batch.observation(k));
        }
    }

    /// Takes over what the agents saw last of the episodes that ended in this step; SAME_STEP only.
    public void loadFinal() {
        for (int k = 0; k < seen.length; k++) {
            seen[k].load(batch.finalObservation(k));
        }
    }

    /// Writes a cell's features.
    public void write(Features features, int cell, float[] into, int at) {
        for (int k = 0; k < seen.length; k++) {
            Features.Part part = features.parts().get(k);
            int from = cell * part.elements();
            if (part.oneHot()) {
                writeOneHot(part, seen[k], from, into, at + part.at());
            } else {
                seen[k].read(from, into, at + part.at(), part.elements());
            }
        }
    }

    private static void writeOneHot(Features.Part part, LeafColumn column, int from, float[] into, int at) {
        int first = at;
        for (int k = 0; k < part.elements(); k++) {
            Features.writeOneHot(column.integer(from + k) - part.start(), part.sizes()[k], into, first);
            first += part.sizes()[k];
        }
    }
}

package io.hypertoken.learn.space;

import io.hypertoken.engine.Batch;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;

/// Carries what heads chose into a batch.
public final class Actions {
    private final Batch batch;
    private final Bounds[] bounds;
    private final LeafColumn chosen;

    /// @param squashed whether a tanh bounds a Box's numbers
    /// @throws io.hypertoken.HyperTokenException as [Bounds]
    public Actions(Batch batch, boolean squashed) {
        this.batch = batch;
        bounds = batch.signature().actionSpaces().stream()
                .map((Space space) -> new Bounds(space, squashed))
                .toArray(Bounds[]::new);
        Leaf leaf = batch.signature().actionLeaves().getFirst();
        int cells = batch.rows() * batch.agents();
        chosen = new LeafColumn(leaf.dtype(), cells * leaf.size());
        float[] first = new float[leaf.size()];
        for (int cell = 0; cell < cells; cell++) {
            choose(cell, first, 0); // inside the space, whatever its start, also where nobody ever chooses
        }
    }

    /// Chooses for a cell, row × agents + agent.
    public void choose(int cell, float[] action, int at) {
        choose(cell, action, at, bounds[bounds.length == 1 ? 0 : cell % bounds.length]);
    }

    /// Chooses for a cell, by bounds of the chooser's own.
    public void choose(int cell, float[] action, int at, Bounds own) {
        int size = own.size();
        for (int k = 0; k < size; k++) {
            chosen.set(cell * size + k, own.played(action[at + k], k));
        }
    }

    /// Writes all choices into the batch.
    public void store() {
        chosen.store(batch.action(0));
    }
}

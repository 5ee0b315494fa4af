package io.hypertoken.server.bridge;

import io.hypertoken.engine.AecView;

/// The dead steps that the classic commands make for clients which make none.
///
/* PettingZoo lets an agent that has ended make one step with the action null. The first protocol knew no null, and its
clients loop over `agents` until none is left. So once `last` has told an agent's end, the next `agents` makes its dead
step; a client that then makes it after all is forgiven, once. */
final class DeadSteps {
    private int told = AecView.NOBODY;
    private int forgiven = AecView.NOBODY;

    /// `last` has spoken of an agent.
    void told(int agent, AecView turns) {
        told = turns.isDead(agent) ? agent : AecView.NOBODY;
    }

    /// Makes the dead step of the agent whose end was told, if it still owes it.
    void makeFor(AecView turns) {
        if (told != AecView.NOBODY && turns.selection() == told && turns.isDead(told)) {
            turns.deadStep();
            forgiven = told;
        }
        told = AecView.NOBODY;
    }

    /// Whether one dead step was made for its client, which may still send it.
    boolean isForgiven() {
        return forgiven != AecView.NOBODY;
    }

    /// Whose dead step that was.
    int forgiven() {
        return forgiven;
    }

    /// The row has moved, or the client has sent the dead step itself.
    void forget() {
        told = AecView.NOBODY;
        forgiven = AecView.NOBODY;
    }
}

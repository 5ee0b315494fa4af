package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.DidYouMean;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.Seats;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.server.session.Session;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the protocol keeps with a session: how its observations and actions are written, which dead steps were made for
/// its client, and the policies that it has asked.
final class SessionView {
    private final Session session;
    private final ValueJson[] observations;
    private final DeadSteps deadSteps = new DeadSteps();
    private final Map<String, Policy> policies = new HashMap<>();
    private @Nullable Seats seats;

    private SessionView(Session session) {
        this.session = session;
        this.observations = session.batch().signature().observationSpaces().stream()
                .map(space -> ValueJson.observations(space, session.batch()))
                .toArray(ValueJson[]::new);
    }

    static SessionView of(Session session) {
        return session.companion(SessionView.class, SessionView::new);
    }

    ValueJson observation(int agent) {
        return observations[agent];
    }

    /// How an agent's action is written.
    ValueJson action(int agent) {
        return ValueJson.actions(session.batch().signature().actionSpaces().get(agent), session.batch());
    }

    /// A policy that the session's environment declares. One of a file is none: whoever is at the other end of the
    /// network does not choose what is read here.
    ///
    /// @throws io.hypertoken.HyperTokenException `bad_field` if none of that name is declared
    Policy policy(String name) {
        return policies.computeIfAbsent(name, this::declared);
    }

    private Policy declared(String name) {
        Spec spec = session.opening().spec();
        if (!spec.policies().contains(name)) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    spec.id() + " refused policy " + Shown.shortened(name, 60),
                    "it does not declare it",
                    DidYouMean.hint(name, spec.policies()));
        }
        return name.equals(Spec.RANDOM)
                ? new ScriptedActions(Math.max(0, session.vector().usedSeed(0)), 1)
                : spec.policy(name, session.vector().options());
    }

    /// Where policies choose.
    Seats seats() {
        Seats made = seats;
        if (made == null) {
            made = new Seats(session.vector());
            seats = made;
        }
        return made;
    }

    DeadSteps deadSteps() {
        return deadSteps;
    }
}

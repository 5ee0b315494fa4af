package io.hypertoken.server.bridge;

import io.hypertoken.server.session.Session;

/// What the protocol keeps with a session: how its observations are written, and which dead steps were made for its
/// client.
final class SessionView {
    private final ObservationJson[] observations;
    private final DeadSteps deadSteps = new DeadSteps();

    private SessionView(Session session) {
        this.observations = session.batch().signature().observationSpaces().stream()
                .map(space -> new ObservationJson(space, session.batch()))
                .toArray(ObservationJson[]::new);
    }

    static SessionView of(Session session) {
        return session.companion(SessionView.class, SessionView::new);
    }

    ObservationJson observation(int agent) {
        return observations[agent];
    }

    DeadSteps deadSteps() {
        return deadSteps;
    }
}

package io.hypertoken.server.bridge;

import io.hypertoken.server.session.Claim;
import io.hypertoken.server.session.Opening;
import io.hypertoken.server.session.Owner;
import io.hypertoken.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/// What a connection opens with its first command that needs a session.
@FunctionalInterface
interface Invitation {
    /// To one environment; null to none.
    static @Nullable Invitation to(@Nullable Opening opening, Sessions sessions) {
        return opening == null ? null : (owner, claim) -> sessions.open(opening, owner, false, claim);
    }

    /// Opens it.
    void open(Owner owner, Claim claim);
}

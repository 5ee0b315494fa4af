package io.hypertoken.server.session;

import static io.hypertoken.ErrorCode.BAD_STEP;

import io.hypertoken.HyperTokenException;
import org.jspecify.annotations.Nullable;

/// The count of a session's answered resets and steps, and its last reply: what makes that nothing is played twice.
public final class Numbering {
    private final Session session;
    private long at;
    private @Nullable Recorded recorded;

    Numbering(Session session) {
        this.session = session;
    }

    /// How many resets and steps have been answered.
    public long at() {
        return at;
    }

    /// The recorded reply to a request that has been answered already; null if the request is the next one.
    ///
    /// @param number what the request carries; null for an unnumbered one
    /// @param kind what the request is answered with
    /// @throws HyperTokenException `bad_step` if it is neither the next nor the last
    public <R extends Recorded> @Nullable R repeated(@Nullable Long number, Class<R> kind) {
        if (number == null || number == at + 1) {
            return null;
        }
        if (number == at && kind.isInstance(recorded)) {
            return kind.cast(recorded);
        }
        throw new HyperTokenException(
                BAD_STEP,
                "refused request number at=" + number,
                "this session has answered " + at + " resets and steps",
                "send at=" + (at + 1) + (recorded == null ? "" : ", or at=" + at + " to hear the last reply again"));
    }

    /// Counts a reset or step that has been played, before anything of its reply can fail.
    ///
    /// @return its number
    public long count() {
        recorded = null;
        return ++at;
    }

    /// Keeps the reply to the last counted request.
    public void record(Recorded reply) {
        recorded = reply;
    }

    /// The columns are about to change without being counted.
    public void keep() {
        if (recorded != null) {
            recorded = recorded.kept(session);
        }
    }
}

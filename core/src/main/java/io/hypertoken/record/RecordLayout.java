package io.hypertoken.record;

/// The bytes of a record, little-endian and without padding: what one row did in one reset or one step.
///
/// ```text
/// at a reset                        at a step
/// +---------------------------+    +----------------------------------------------------+
/// | 'R'                    u8 |    | 'S'                                             u8 |
/// | seed                  i64 |    | action leaves of whoever acted                     |
/// | turn                  i32 |    | rewards of all agents                          f64 |
/// | seen by whoever acts next |    | terminated of all agents                        u8 |
/// +---------------------------+    | truncated of all agents                         u8 |
///                                  | turn                                           i32 |
///                                  | seen by whoever acts next                          |
///                                  | observation leaves of each agent that ended now    |
///                                  +----------------------------------------------------+
/// ```
///
/// - *seed* is the one that this reset gave the row's generator, given or drawn; [#DREW_ON] where it had none.
/// - *turn* is the agent to act; [#NOBODY] when all alive agents act, or the episode is over.
/// - *whoever acts next* is the turn's agent, or all alive agents in order; nobody once the episode is over. *Seen* is
///   each one's observation leaves in declared order, then its action mask (u8 a flag, its own space's number of flags;
///   nothing without a mask).
/// - *whoever acted* is the agent whose turn it was, or all agents that were alive before the step, in order. The
///   action is the one played: the fallback where it took an illegal one's place.
/// - A NaN is the quiet one with no payload, 0x7fc00000 or 0x7ff8000000000000.
///
/// An episode's first record is an 'R', also where an autoreset began it. A NEXT_STEP filler step leaves an 'R' and no
/// 'S'. So a row's records do not depend on the autoreset mode.
public final class RecordLayout {
    /// The first byte of a reset's record.
    public static final byte RESET = 'R';
    /// The first byte of a step's record.
    public static final byte STEP = 'S';
    /// The seed of a reset that drew on from the row's generator.
    public static final long DREW_ON = -1;
    /// The turn when no single agent is to act.
    public static final int NOBODY = -1;

    private RecordLayout() {}
}

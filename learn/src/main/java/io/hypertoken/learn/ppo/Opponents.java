package io.hypertoken.learn.ppo;

import java.util.Locale;

/// Who plays the other seats where an environment has several agents.
public enum Opponents {
    /// One policy plays all seats, and learns from all of them.
    SELF,
    /// Each seat has a policy of its own, and all learn at once.
    EACH,
    /// One policy plays a seat that is drawn for each episode; past selves play the others, and do not learn.
    POOL;

    static Opponents of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

package io.hypertoken.learn.match;

import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Spec;
import io.hypertoken.learn.policy.Evaluation;
import java.util.List;

/// Contestants who play in this process.
///
/// @param mostRows how many rows may play at once
public record LocalContest(Spec spec, Options options, List<Contestant> who, int mostRows) implements Contest {
    @Override
    public List<String> names() {
        return who.stream().map(Contestant::name).toList();
    }

    @Override
    public int agents() {
        return spec.signature(options).agents().size();
    }

    @Override
    public Evaluation play(List<Integer> seats, int episodes, long seed, Runnable ended) {
        List<Policy> policies = seats.stream().map(k -> who.get(k).policy()).toList();
        return Evaluation.of(spec, options, policies, episodes, seed, mostRows, ended);
    }
}

package io.hypertoken.learn.match;

import io.hypertoken.learn.policy.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Contestants who play alone, by what they earned in the same episodes.
///
/// @param places the best first
public record Ranking(List<Place> places) {
    /// @param mean the mean return
    /// @param interval half the width of its 95 % interval; NaN for a single episode
    /// @param behind how much less that is than the first one's
    /// @param behindInterval half the width of that difference's, episode by episode: much less than the two would tell
    public record Place(String name, double mean, double interval, double behind, double behindInterval) {}

    /// Plays.
    ///
    /// @param episodes of each
    /// @param seed of the first episode
    /// @param ended is run at the end of each
    public static Ranking play(Contest contest, int episodes, long seed, Runnable ended) {
        List<String> who = contest.names();
        var played = new ArrayList<Evaluation>();
        for (int k = 0; k < who.size(); k++) {
            played.add(contest.play(List.of(k), episodes, seed, ended));
        }
        List<Integer> order = IntStream.range(0, who.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> -played.get(k).mean(0)))
                .toList();
        double[] best = played.get(order.getFirst()).returns()[0];
        var places = new ArrayList<Place>();
        for (int k : order) {
            double[] mine = played.get(k).returns()[0];
            double[] behind = IntStream.range(0, mine.length)
                    .mapToDouble(episode -> best[episode] - mine[episode])
                    .toArray();
            double mean = played.get(k).mean(0);
            places.add(new Place(
                    who.get(k),
                    mean,
                    Match.interval(mine),
                    played.get(order.getFirst()).mean(0) - mean,
                    Match.interval(behind)));
        }
        return new Ranking(places);
    }
}

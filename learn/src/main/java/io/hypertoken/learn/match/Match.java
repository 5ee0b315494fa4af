package io.hypertoken.learn.match;

import io.hypertoken.learn.policy.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Two contestants at one table, and what it came to.
///
/// They take seats in turn, first, second, first …, and then each the other's, in episodes of the same seeds: so
/// neither a
/// seat nor a deal favours anybody. Of an episode the one wins whose seats earned more on average.
///
/// @param first the one whose figures these are
/// @param second its opponent
/// @param seatings episodes with `first` in the first seat, and the same ones with seats swapped
/// @param blocks the score of `first` in each pair of episodes of one seed: 1 for a win, ½ for a draw, on average
/// @param won the share of episodes that `first` won
/// @param lost the share that `second` won
/// @param returns what a seat of `first` earned on average in each pair of episodes
/// @param othersReturns what a seat of `second` did
public record Match(
        String first,
        String second,
        List<Evaluation> seatings,
        double[] blocks,
        double won,
        double lost,
        double[] returns,
        double[] othersReturns) {
    private static final double Z_95 = 1.96;

    /// Plays `episodes`, rounded up to an even number.
    ///
    /// @param one the number of the first contestant
    /// @param other the number of its opponent
    /// @param seed of the first episode
    /// @param ended is run at the end of each
    public static Match play(Contest contest, int one, int other, int episodes, long seed, Runnable ended) {
        int deals = deals(episodes);
        var seatings = new ArrayList<Evaluation>();
        double[] blocks = new double[deals];
        double[] returns = new double[deals];
        double[] othersReturns = new double[deals];
        int won = 0;
        int lost = 0;
        for (int shift = 0; shift < 2; shift++) {
            Evaluation played = contest.play(lineup(one, other, contest.agents(), shift), deals, seed, ended);
            seatings.add(played);
            for (int deal = 0; deal < deals; deal++) {
                double mine = mean(played, deal, shift);
                double theirs = mean(played, deal, 1 - shift);
                won += mine > theirs ? 1 : 0;
                lost += mine < theirs ? 1 : 0;
                blocks[deal] += (1 + Math.signum(mine - theirs)) / 4;
                returns[deal] += mine / 2;
                othersReturns[deal] += theirs / 2;
            }
        }
        return new Match(
                contest.names().get(one),
                contest.names().get(other),
                seatings,
                blocks,
                won / (2.0 * deals),
                lost / (2.0 * deals),
                returns,
                othersReturns);
    }

    /// How many seeds are dealt, each for two episodes.
    public static int deals(int episodes) {
        return Math.max(1, Math.ceilDiv(episodes, 2));
    }

    private static List<Integer> lineup(int one, int other, int agents, int shift) {
        var seats = new ArrayList<Integer>();
        for (int agent = 0; agent < agents; agent++) {
            seats.add((agent + shift) % 2 == 0 ? one : other);
        }
        return seats;
    }

    /// What the seats from `from` on in steps of two earned on average.
    private static double mean(Evaluation played, int deal, int from) {
        double sum = 0;
        int count = 0;
        for (int agent = from; agent < played.returns().length; agent += 2) {
            sum += played.returns()[agent][deal];
            count++;
        }
        return sum / count;
    }

    /// How many episodes were played.
    public int episodes() {
        return 2 * blocks.length;
    }

    /// The share of points that `first` took: wins, and half of the draws.
    public double score() {
        return Arrays.stream(blocks).average().orElse(Double.NaN);
    }

    /// Half the width of the score's 95 % interval; the two episodes of a seed count as one observation.
    public double interval() {
        return interval(blocks);
    }

    /// Half the width of a mean's 95 % interval; NaN for a single value.
    static double interval(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        int count = values.length;
        return count < 2 ? Double.NaN : Z_95 * Math.sqrt(squares / (count - 1.0) / count);
    }

    /// Whether every seed brought the same: then neither chance nor the deal decides anything, and more episodes tell
    /// nothing more.
    public boolean alwaysTheSame() {
        return blocks.length > 1
                && seatings.stream()
                        .allMatch(played ->
                                Arrays.stream(played.lengths()).distinct().count() == 1
                                        && Arrays.stream(played.returns())
                                                .allMatch(each -> Arrays.stream(each)
                                                                .distinct()
                                                                .count()
                                                        == 1));
    }
}

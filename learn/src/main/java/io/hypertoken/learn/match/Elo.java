package io.hypertoken.learn.match;

import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Strength by Elo's scale, of contestants who have all met: 400 points more are ten times the wins.
///
/// The ratings are those under which what happened is likeliest in Bradley and Terry's model (1952), a draw half a win
/// each,
/// found by the iteration of Hunter (*MM algorithms for generalized Bradley-Terry models*, 2004). Each pair is given
/// one draw
/// that was never played, so that who lost nothing has a rating too; Coulom's Bayeselo does likewise. Intervals are the
/// percentiles of ratings found from meetings drawn anew with replacement (Efron and Tibshirani, *An Introduction to
/// the
/// Bootstrap*, 1993).
///
/// @param rating of each; their mean is 1500
/// @param low where its 95 % interval begins
/// @param high where it ends
public record Elo(double[] rating, double[] low, double[] high) {
    private static final double MEAN = 1500;
    private static final double SCALE = 400 / Math.log(10);
    private static final int SAMPLES = 400;
    private static final int MOST_ROUNDS = 2_000;
    private static final double CLOSE = 1e-6;

    /// Which two of them met, by number, and the first one's score in each pair of episodes of one seed.
    ///
    /// @param scores from 0 to 1
    public record Meeting(int first, int second, double[] scores) {}

    /// The ratings of `count` contestants.
    ///
    /// @param seed of what is drawn for the intervals
    public static Elo of(int count, List<Meeting> meetings, long seed) {
        double[] found = strengths(count, meetings, null);
        double[][] drawn = new double[count][SAMPLES];
        var random = Generator.seeded(seed);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double[] each = strengths(count, meetings, random);
            for (int k = 0; k < count; k++) {
                drawn[k][sample] = each[k];
            }
        }
        double[] low = new double[count];
        double[] high = new double[count];
        for (int k = 0; k < count; k++) {
            Arrays.sort(drawn[k]);
            low[k] = drawn[k][(int) (0.025 * SAMPLES)];
            high[k] = drawn[k][(int) (0.975 * SAMPLES) - 1];
        }
        return new Elo(found, low, high);
    }

    private static double[] strengths(int count, List<Meeting> meetings, @Nullable Generator random) {
        double[][] games = new double[count][count];
        double[] points = new double[count];
        for (Meeting meeting : meetings) {
            int length = meeting.scores.length;
            double score = 0.5; // the draw that was never played
            for (int k = 0; k < length; k++) {
                // a seed's two episodes are drawn together, for they are not independent
                score += 2 * meeting.scores[random == null ? k : random.integers(length)];
            }
            double played = 2.0 * length + 1;
            points[meeting.first] += score;
            points[meeting.second] += played - score;
            games[meeting.first][meeting.second] += played;
            games[meeting.second][meeting.first] += played;
        }
        return rated(games, points);
    }

    private static double[] rated(double[][] games, double[] points) {
        int count = points.length;
        double[] strength = new double[count];
        Arrays.fill(strength, 1);
        double change = 1;
        for (int round = 0; round < MOST_ROUNDS && change > CLOSE; round++) {
            change = 0;
            for (int k = 0; k < count; k++) {
                double sum = 0;
                for (int other = 0; other < count; other++) {
                    sum += games[k][other] / (strength[k] + strength[other]);
                }
                double next = points[k] / sum;
                change = Math.max(change, Math.abs(Math.log(next / strength[k])));
                strength[k] = next;
            }
        }
        double mean = Arrays.stream(strength).map(Math::log).average().orElse(0);
        return Arrays.stream(strength)
                .map(each -> MEAN + SCALE * (Math.log(each) - mean))
                .toArray();
    }
}

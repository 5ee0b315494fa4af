package io.hypertoken.learn.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Each against each.
///
/// @param matches in the order in which they were played
/// @param elo by the contestants' numbers
/// @param places the strongest first
public record RoundRobin(List<Match> matches, Elo elo, List<Place> places) {
    /// @param number among the contestants, from 0
    /// @param score the share of points taken in all of its matches: wins, and half of the draws
    /// @param won the share of episodes won
    /// @param lost the share of episodes lost
    /// @param mean what a seat earned on average
    public record Place(int number, String name, double score, double won, double lost, double mean) {}

    /// Plays.
    ///
    /// @param episodes of each match, rounded up to an even number
    /// @param seed of the first episode of each match, and of what is drawn for the intervals
    /// @param ended is run at the end of each episode
    public static RoundRobin play(Contest contest, int episodes, long seed, Runnable ended) {
        List<String> who = contest.names();
        var matches = new ArrayList<Match>();
        var meetings = new ArrayList<Elo.Meeting>();
        double[][] sums = new double[who.size()][4];
        for (int first = 0; first < who.size(); first++) {
            for (int second = first + 1; second < who.size(); second++) {
                Match match = Match.play(contest, first, second, episodes, seed, ended);
                matches.add(match);
                meetings.add(new Elo.Meeting(first, second, match.blocks()));
                add(sums[first], match.score(), match.won(), match.lost(), match.returns());
                add(sums[second], 1 - match.score(), match.lost(), match.won(), match.othersReturns());
            }
        }
        Elo elo = Elo.of(who.size(), meetings, seed);
        int met = who.size() - 1;
        List<Place> places = IntStream.range(0, who.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> -elo.rating()[k]))
                .map(k -> new Place(
                        k, who.get(k), sums[k][0] / met, sums[k][1] / met, sums[k][2] / met, sums[k][3] / met))
                .toList();
        return new RoundRobin(matches, elo, places);
    }

    private static void add(double[] sums, double score, double won, double lost, double[] returns) {
        sums[0] += score;
        sums[1] += won;
        sums[2] += lost;
        sums[3] += Arrays.stream(returns).average().orElse(Double.NaN);
    }
}

package io.hypertoken.games.frozenlake;

import io.hypertoken.env.Options;
import io.hypertoken.games.Categorical;
import java.util.Arrays;

/// A map of the lake and what its tiles are worth; immutable.
final class Lake {
    private static final String SMALL = "SFFF,FHFH,FFFH,HFFG";
    private static final String LARGE = "SFFFFFFF,FFFFFFFF,FFFHFFFF,FFFFFHFF,FFFHFFFF,FHHFFFHF,FHFFHFHF,FFFHFFFG";

    private final String tiles;
    private final int columns;
    private final int[] rewards;
    private final Categorical starts;

    private Lake(String[] rows, int[] rewards) {
        this.tiles = String.join("", rows);
        this.columns = rows[0].length();
        this.rewards = rewards;
        double count = tiles.chars().filter(tile -> tile == 'S').count();
        this.starts = new Categorical(
                tiles.chars().mapToDouble(tile -> tile == 'S' ? 1 / count : 0).toArray());
    }

    /// The map that the options name or draw.
    static Lake of(Options o) {
        String drawn = o.text("desc");
        String named = o.text("map_name").equals("4x4") ? SMALL : LARGE;
        return new Lake((drawn.isEmpty() ? named : drawn).split(","), rewards(o.text("reward_schedule")));
    }

    /// Whether a map of one's own can be played; the empty text draws none.
    static boolean valid(String drawn) {
        String[] rows = drawn.split(",", -1);
        return drawn.isEmpty()
                || (drawn.matches("[SFHG,]+")
                        && drawn.contains("S")
                        && Arrays.stream(rows).allMatch(row -> row.length() == rows[0].length()));
    }

    static boolean validRewards(String schedule) {
        return schedule.matches("\\s*-?\\d{1,9}\\s*(,\\s*-?\\d{1,9}\\s*){2}");
    }

    private static int[] rewards(String schedule) {
        return Arrays.stream(schedule.split(","))
                .mapToInt(reward -> Integer.parseInt(reward.strip()))
                .toArray();
    }

    int cells() {
        return tiles.length();
    }

    int columns() {
        return columns;
    }

    char tile(int cell) {
        return tiles.charAt(cell);
    }

    /// Where a walk may begin: every S, equally likely.
    Categorical starts() {
        return starts;
    }

    /// The cell beside this one, or this one at the edge; headings are left 0, down 1, right 2, up 3.
    int neighbour(int cell, int heading) {
        int column = cell % columns;
        return switch (heading) {
            case 0 -> column > 0 ? cell - 1 : cell;
            case 1 -> cell + columns < cells() ? cell + columns : cell;
            case 2 -> column < columns - 1 ? cell + 1 : cell;
            default -> cell >= columns ? cell - columns : cell;
        };
    }

    boolean ends(int cell) {
        char tile = tile(cell);
        return tile == 'G' || tile == 'H';
    }

    int reward(int cell) {
        return switch (tile(cell)) {
            case 'G' -> rewards[0];
            case 'H' -> rewards[1];
            default -> rewards[2];
        };
    }
}
